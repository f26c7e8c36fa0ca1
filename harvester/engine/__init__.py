"""What happens in a run: plan what to ask, walk the lists, read their pages, settle the outcome."""
