-- What web and worker may do with what migrations create. Run once in each database, as its
-- owner, before the first migration.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO web, worker;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO web, worker;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO web, worker;
