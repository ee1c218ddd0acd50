-- isolab repro.sql for MariaDB 10.11.19
--
-- several-in-production: promote:naive at REPEATABLE READ.
-- versions 1 and 2 of model/1 were in production at the same time, as the read at rest (index
-- 5) saw: version 1 was promoted by 0.0 (index 3) and version 2 was promoted by 1.0 (index 2)
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
alter table model_versions add column promoted_by varchar(40) not null default '';
alter table model_versions add column promotions int not null default 0;
insert into models (id, name, description, created_by) values (1, 'fraud-detector', 'sample', 'isolab');
insert into model_versions (model_id, version, framework, artifact_uri, stage) values (1, 1, 'pytorch', 's3://models/fraud-detector/1', 'staging'), (1, 2, 'pytorch', 's3://models/fraud-detector/2', 'staging');

-- ---- Each session, after it has connected

-- session A
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'OFF';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- session B
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'OFF';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- ---- The interleaving, from top to bottom

-- session A: promote
BEGIN;

-- session A
select id, version, stage, promoted_by, promotions from model_versions
  where model_id = 1 order by version;
-- 2 rows:
--   id  version  stage    promoted_by  promotions
--   1   1        staging               0
--   2   2        staging               0

-- session A
update model_versions set stage = 'production', promoted_by = '0.0', promotions = promotions + 1
  where id = 1;
-- 1 row affected

-- session B: promote
BEGIN;

-- session B
select id, version, stage, promoted_by, promotions from model_versions
  where model_id = 1 order by version;
-- 2 rows:
--   id  version  stage    promoted_by  promotions
--   1   1        staging               0
--   2   2        staging               0

-- session B
update model_versions set stage = 'production', promoted_by = '1.0', promotions = promotions + 1
  where id = 2;
-- 1 row affected

-- session B
COMMIT;

-- session A
COMMIT;

-- ---- At rest: what is there when all is over

-- session A
select id, version, stage, promoted_by, promotions from model_versions
  where model_id = 1 order by version;
-- 2 rows:
--   id  version  stage       promoted_by  promotions
--   1   1        production  0.0          1
--   2   2        production  1.0          1

-- This shows several-in-production: versions 1 and 2 of model/1 were in production at the same
-- time, as the read at rest (index 5) saw: version 1 was promoted by 0.0 (index 3) and version
-- 2 was promoted by 1.0 (index 2)

-- ---- Clean-up

-- session A
DROP DATABASE isolab_repro;
