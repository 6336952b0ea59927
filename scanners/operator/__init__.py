"""The operator's page: what the station sees, what it kept, and what is wrong, on the laptop beside the camera.

Read in this order: `recent_scans`, `manual_entry`, `station_state`, `operator_view`,
`operator_page`, `page_beside`.
"""
