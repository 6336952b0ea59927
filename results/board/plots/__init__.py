"""Pictures of the field, drawn from counts alone: read `bins` (what is counted), `axes` (where it stands), `svg`, then the plots.

Nothing here knows a name or a person; whoever shows a plot says in words what it tells, and gives the same figures as a table.
"""
