-- isolab repro.sql for PostgreSQL 18.4
--
-- G-single-item: append:upsert at READ COMMITTED.
-- each of these came before the next and the last before the first. T1 is txn by process 0
-- (index 3) and T2 is txn by process 1 (index 2): T1 did not see T2's append of 1 to key 0,
-- though T2 committed it: T1 read []; T1 saw T2's append of 1 to key 1: it read [1].
--
-- How to run it: open 2 terminals side by side, one for each session (A, B), each with `psql
-- DATABASE` on a server where you may create a schema. Go from top to bottom and paste each
-- statement into the terminal of the session named above it. What isolab saw stands below it.
-- Where it says "waits", the statement does not come back: leave it, and go on with the next
-- one in its own terminal.
-- Everything happens in a schema of its own, isolab_repro, which is dropped at the end. If it
-- is there from an earlier try, drop it first.

-- ---- Set-up, once

-- session A
CREATE SCHEMA isolab_repro;
SET search_path TO isolab_repro;
create table append0 (id int primary key, val text not null);
create table append1 (id int primary key, val text not null);
create table append2 (id int primary key, val text not null);

-- ---- Each session, after it has connected

-- session A
SET search_path TO isolab_repro;
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;

-- session B
SET search_path TO isolab_repro;
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;

-- ---- The interleaving, from top to bottom

-- session A: txn
BEGIN ISOLATION LEVEL READ COMMITTED;

-- session A
select val from append0 where id = '0';
-- 0 rows

-- session B: txn
BEGIN ISOLATION LEVEL READ COMMITTED;

-- session B
insert into append0 as t (id, val) values ('0', '1')
  on conflict (id) do update set val = concat(t.val, ',', excluded.val);
-- 1 row affected

-- session B
insert into append1 as t (id, val) values ('1', '1')
  on conflict (id) do update set val = concat(t.val, ',', excluded.val);
-- 1 row affected

-- session B
COMMIT;

-- session A
select val from append1 where id = '1';
-- 1 row:
--   val
--   1

-- session A
COMMIT;

-- ---- At rest: what is there when all is over

-- session A
select val from append0 where id = '0';
-- 1 row:
--   val
--   1

-- session A
select val from append1 where id = '1';
-- 1 row:
--   val
--   1

-- This shows G-single-item: each of these came before the next and the last before the first.
-- T1 is txn by process 0 (index 3) and T2 is txn by process 1 (index 2): T1 did not see T2's
-- append of 1 to key 0, though T2 committed it: T1 read []; T1 saw T2's append of 1 to key 1:
-- it read [1].

-- ---- Clean-up

-- session A
DROP SCHEMA isolab_repro CASCADE;
