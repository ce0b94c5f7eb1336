"""What all evidence comes to: features, probability, verdict.

features       results to numbers a file            calibration   shipped numbers: features to a probability
judged         every file judged                    summary       the scan judged as one
verdict        words of the verdict                 coverage      what was not analysed
resemblance    how alike two files are              closest       originals that share most names
hidden_code    code that does not look like code
"""
