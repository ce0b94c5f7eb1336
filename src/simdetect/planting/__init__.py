"""What a scan would have found: functions of the original planted into the candidate, and scanned again.

functions   what can be planted, and where      planting    one planted candidate
disguise    the same function, hidden           trials      many of them, compared and counted
run         the whole of it                     bounds      how sure a share of trials is
"""
