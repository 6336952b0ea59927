"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

`roster` takes in what offices send, `firms` and `design` what a firm gives, `drawing` draws, `press` numbers, prints and proves.
"""
