"""Entries as other systems read them: OCSF, CEF, RFC 5424. Pure: what is sent, and never whether it arrived."""
