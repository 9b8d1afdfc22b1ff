-- Finding the entries of one request, which a problem document names, and of one Genie session.
CREATE INDEX audit_by_request ON audit (request_id, seq DESC);
CREATE INDEX audit_by_session ON audit (genie_session, seq DESC) WHERE genie_session IS NOT NULL;
