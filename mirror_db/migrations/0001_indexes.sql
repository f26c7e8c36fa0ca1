CREATE INDEX records_by_facets ON records (repository, year, access, license, type, language, deleted, is_open_access, is_cc_by_nc);
CREATE INDEX records_by_year ON records (year, deleted);
CREATE INDEX records_by_license ON records (license, deleted);
CREATE INDEX records_by_access ON records (access, deleted);
CREATE INDEX records_by_type ON records (type, deleted);
CREATE INDEX records_by_language ON records (language, deleted);
CREATE INDEX records_by_doi ON records (doi, repository, deleted, is_open_access) WHERE doi IS NOT NULL;
CREATE INDEX records_by_flags ON records (is_open_access, is_cc_by_nc, repository);
CREATE INDEX records_cc_by_nc ON records (repository, access, license, type, deleted, is_open_access, is_cc_by_nc) WHERE is_cc_by_nc = 1;
CREATE INDEX records_in_conflict ON records (repository, deleted) WHERE license_conflict = 1;
CREATE INDEX records_by_change ON records (changed_at);
CREATE INDEX records_due ON records (next_change_on) WHERE next_change_on IS NOT NULL;
CREATE INDEX records_by_embargo ON records (embargo_end) WHERE embargo_end IS NOT NULL;
CREATE INDEX records_by_license_start ON records (license_start) WHERE license_start IS NOT NULL;
CREATE INDEX record_sets_by_set ON record_sets (set_spec, record);
CREATE INDEX issues_by_code ON issues (code);
CREATE INDEX evidence_unread ON evidence (value) WHERE rule = 'unread';

CREATE VIEW items AS -- Live records with the columns that people ask for first
SELECT id, title, creators, year, type, repository, access, license, is_open_access, is_cc_by_nc, embargo_end, doi, landing_url,
    language, container, license_confidence, access_confidence, rules_version, changed_at
FROM records WHERE deleted = 0;
