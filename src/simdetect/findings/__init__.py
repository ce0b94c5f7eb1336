"""What was judged as the objects of a report. Reads and lays out; computes nothing.

report      the report            finding     one candidate file      originals   what it agrees with
listing     evidence in order     pieces      how rows become pieces of evidence, by form
evidence    one piece             excerpts    its lines               sides       the two files it is about
texts, orders, translation        the forms that are not regions      warnings    what was in the way
"""
