"""The surveys room: a door-to-door survey's spreadsheet becomes elders' records, with preview and undo."""
