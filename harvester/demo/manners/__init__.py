"""Three platforms and how each turns an item into Dublin Core, sets and pages."""
