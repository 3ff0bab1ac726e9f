"""LibreOffice Calc: the extension with the functions and the menu, and what both call.

Only the files in `inside` touch UNO. They run in the Python of LibreOffice and import nothing of
this package until they know where it is installed.
"""
