-- isolab repro.sql for PostgreSQL 18.4
--
-- lost-update: account:naive at REPEATABLE READ.
-- Both sessions read 10, and the update of A is gone. -- session B DROP TABLE account;
--
-- How to run it: open 3 terminals side by side, one for each session (A, B, C), each with `psql
-- DATABASE` on a server where you may create a schema. Go from top to bottom and paste each
-- statement into the terminal of the session named above it. What isolab saw stands below it.
-- Where it says "waits", the statement does not come back: leave it, and go on with the next
-- one in its own terminal.
-- One more terminal, called control, is needed to end a session from outside.
-- Everything happens in a schema of its own, isolab_repro, which is dropped at the end. If it
-- is there from an earlier try, drop it first.

-- ---- Set-up, once

-- session A
CREATE SCHEMA isolab_repro;
SET search_path TO isolab_repro;
create table account (id int primary key, value int);
create procedure p() begin select 1; end;
insert into account values (1, 10);

-- ---- Each session, after it has connected

-- session A
SET search_path TO isolab_repro;
SET innodb_snapshot_isolation TO 'ON';
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SET application_name TO 'isolab_repro A';

-- session B
SET search_path TO isolab_repro;
SET innodb_snapshot_isolation TO 'ON';
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- session C
SET search_path TO isolab_repro;
SET innodb_snapshot_isolation TO 'ON';
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- ---- The interleaving, from top to bottom

-- session A: pay
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- session A
select * from account where id = '1';
-- 1 row:
--   id  value  note
--   1   10     long xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…

-- session B: pay
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- session A
update account set value = '11' where id = '1';
-- 1 row affected

-- session B
update account set value = '12' where id = '1';
-- waits for A

-- C tried its next statement here and had to wait; it was taken back, and comes later.

-- session A
COMMIT;

-- B goes on: ERROR 1213 Deadlock found; -- session B
-- (the server chooses whom a deadlock ends: it may be another session for you)

-- session C: pay
delete from account;
-- 1 row affected

-- session A: pay
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- Fault: the server ends session A. Its open transaction is rolled back.
-- session control
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'isolab_repro A';

-- Connect A again, if your client does not do so by itself. Then:
-- session A
SET search_path TO isolab_repro;
SET innodb_snapshot_isolation TO 'ON';
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SET application_name TO 'isolab_repro A';

-- session A: pay
select value from account;

-- session B
select value from account;
-- 0 rows

-- A goes on: 1 row:
--   value
--   NULL

-- ---- At rest: what is there when all is over

-- session A
select * from account;
-- 0 rows

-- This shows lost-update: Both sessions read 10, and the update of A is gone. -- session B DROP
-- TABLE account;

-- ---- Clean-up

-- session A
DROP SCHEMA isolab_repro CASCADE;
