"""The whole CRM of a company, Kestrel Systems, made up by a seeded model with stories in it."""
