"""People sign in with their browser, by OpenID Connect or SAML, and hand their agents tokens of fifteen minutes."""
