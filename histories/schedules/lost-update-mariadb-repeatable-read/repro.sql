-- isolab repro.sql for MariaDB 10.11.19
--
-- lost-update: append:upsert at REPEATABLE READ.
-- T1 is txn by process 1 (index 2) and T2 is txn by process 0 (index 3). T1 and T2 each read
-- key 0 as [] and then wrote it, knowing nothing of the other: T1's append of 2 to key 0 and
-- T2's append of 3 to key 0. All but one of these updates ignore another.
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
create table append0 (id int primary key, val longtext not null);
create table append1 (id int primary key, val longtext not null);
create table append2 (id int primary key, val longtext not null);

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

-- session A: txn
BEGIN;

-- session A
select val from append0 where id = 0;
-- 0 rows

-- session B: txn
BEGIN;

-- session B
select val from append0 where id = 0;
-- 0 rows

-- session B
insert into append0 (id, val) values (0, '2')
  on duplicate key update val = concat(val, ',', values(val));
-- 1 row affected

-- session B
COMMIT;

-- session A
insert into append0 (id, val) values (0, '3')
  on duplicate key update val = concat(val, ',', values(val));
-- 2 rows affected

-- session A
COMMIT;

-- ---- At rest: what is there when all is over

-- session A
select val from append0 where id = 0;
-- 1 row:
--   val
--   2,3

-- This shows lost-update: T1 is txn by process 1 (index 2) and T2 is txn by process 0 (index
-- 3). T1 and T2 each read key 0 as [] and then wrote it, knowing nothing of the other: T1's
-- append of 2 to key 0 and T2's append of 3 to key 0. All but one of these updates ignore
-- another.

-- ---- Clean-up

-- session A
DROP DATABASE isolab_repro;
