-- isolab repro.sql for MariaDB 10.11.19
--
-- G2: register:naive at READ UNCOMMITTED.
-- each of these came before the next and the last before the first. T1 is register by process 1
-- (index 2) and T2 is register by process 0 (index 3): T1 did not see T2's registration of
-- version 1 of model/1, though T2 committed it: T1 read no version at all; T2 did not see T1's
-- registration of version 1 of model/1, though T1 committed it: T2 read no version at all.
--
-- How to run it: open 2 terminals side by side, one for each session (A, B), each with
-- `mariadb` on a server where you may create a database. Go from top to bottom and paste each
-- statement into the terminal of the session named above it. What isolab saw stands below it.
-- Where it says "waits", the statement does not come back: leave it, and go on with the next
-- one in its own terminal.
-- Everything happens in a database of its own, isolab_repro, which is dropped at the end. If it
-- is there from an earlier try, drop it first.

-- ---- Set-up, once

-- session A
CREATE DATABASE isolab_repro;
USE isolab_repro;
create table models (
  id int auto_increment primary key, name varchar(255) not null unique, description text,
  created_at timestamp not null default current_timestamp, created_by varchar(100)) engine = InnoDB;
create table model_versions (
  id int auto_increment primary key, model_id int not null, version int not null, framework varchar(50), artifact_uri text,
  stage varchar(20) not null default 'staging', created_at timestamp not null default current_timestamp,
  foreign key (model_id) references models (id) on delete cascade) engine = InnoDB;
create index model_versions_stage on model_versions (stage);
create table experiments (
  id int auto_increment primary key, model_version_id int not null, metric_name varchar(100) not null, metric_value float,
  recorded_at timestamp not null default current_timestamp,
  foreign key (model_version_id) references model_versions (id) on delete cascade) engine = InnoDB;
create index experiments_model_version on experiments (model_version_id);
create table model_metadata (
  model_version_id int primary key, tags json, parameters json, updated_at timestamp not null default current_timestamp,
  version_lock int not null default 0,
  foreign key (model_version_id) references model_versions (id) on delete cascade) engine = InnoDB;
insert into models (id, name, description, created_by) values (1, 'fraud-detector', 'sample', 'isolab');

-- ---- Each session, after it has connected

-- session A
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'OFF';
SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;

-- session B
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'OFF';
SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED;

-- ---- The interleaving, from top to bottom

-- session A: register
BEGIN;

-- session A
select version, artifact_uri from model_versions where model_id = 1 order by id;
-- 0 rows

-- session B: register
BEGIN;

-- session B
select version, artifact_uri from model_versions where model_id = 1 order by id;
-- 0 rows

-- session B
insert into model_versions (model_id, version, framework, artifact_uri) values (1, 1, 'pytorch', '1.0');
-- 1 row affected

-- session B
COMMIT;

-- session A
insert into model_versions (model_id, version, framework, artifact_uri) values (1, 1, 'pytorch', '0.0');
-- 1 row affected

-- session A
COMMIT;

-- ---- At rest: what is there when all is over

-- session A
select version, artifact_uri from model_versions where model_id = 1 order by id;
-- 2 rows:
--   version  artifact_uri
--   1        1.0
--   1        0.0

-- This shows G2: each of these came before the next and the last before the first. T1 is
-- register by process 1 (index 2) and T2 is register by process 0 (index 3): T1 did not see
-- T2's registration of version 1 of model/1, though T2 committed it: T1 read no version at all;
-- T2 did not see T1's registration of version 1 of model/1, though T1 committed it: T2 read no
-- version at all.

-- ---- Clean-up

-- session A
DROP DATABASE isolab_repro;
