"""HTTP and manners: one request at a time, decoded, bounded, retried politely. Knows nothing of OAI-PMH or the mirror."""
