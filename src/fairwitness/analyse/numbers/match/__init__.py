"""Match: which entries of several lists may speak of the same person or of the same event.

The rule it guards: nothing is merged here. What comes out are suggestions with a probability; a person decides, and may undo it.
Keys made from names live in memory while a method runs; none is returned, printed or stored, and none says of which community
a name is: that would be ethnicity by the back door.
"""
