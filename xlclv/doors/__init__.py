"""What the files of users call: add-ins, macro books, Lite books, the extension of Calc.

These files stay in use for years and are not made anew, so no name in here ever changes or goes.
All else of xlclv may move: a door only says where its names stand today.
"""
