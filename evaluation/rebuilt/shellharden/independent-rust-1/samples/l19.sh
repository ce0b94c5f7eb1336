case x in a) case y in b) c $d;; esac;; (b) ;; esac; a
