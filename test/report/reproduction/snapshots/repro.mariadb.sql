-- isolab repro.sql for MariaDB 10.11.19
--
-- lost-update: account:naive at REPEATABLE READ.
-- Both sessions read 10, and the update of A is gone. -- session B DROP TABLE account;
--
-- How to run it: open 3 terminals side by side, one for each session (A, B, C), each with
-- `mariadb` on a server where you may create a database. Go from top to bottom and paste each
-- statement into the terminal of the session named above it. What isolab saw stands below it.
-- Where it says "waits", the statement does not come back: leave it, and go on with the next
-- one in its own terminal.
-- One more terminal, called control, is needed to end a session from outside.
-- Everything happens in a database of its own, isolab_repro, which is dropped at the end. If it
-- is there from an earlier try, drop it first.

-- ---- Set-up, once

-- session A
CREATE DATABASE isolab_repro;
USE isolab_repro;
create table account (id int primary key, value int);
DELIMITER //
create procedure p() begin select 1; end//
DELIMITER ;
insert into account values (1, 10);

-- ---- Each session, after it has connected

-- session A
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'ON';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SELECT GET_LOCK('isolab_repro A', 0) AS lets_control_find_this_session;

-- session B
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'ON';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- session C
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'ON';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- ---- The interleaving, from top to bottom

-- session A: pay
BEGIN;

-- session A
select * from account where id = 1;
-- 1 row:
--   id  value  note
--   1   10     long xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…

-- session B: pay
BEGIN;

-- session A
update account set value = 11 where id = 1;
-- 1 row affected

-- session B
update account set value = 12 where id = 1;
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
BEGIN;

-- Fault: the server ends session A. Its open transaction is rolled back.
-- session control
KILL IS_USED_LOCK('isolab_repro A');

-- Connect A again, if your client does not do so by itself. Then:
-- session A
USE isolab_repro;
SET SESSION innodb_snapshot_isolation = 'ON';
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SELECT GET_LOCK('isolab_repro A', 0) AS lets_control_find_this_session;

-- session A: pay
select value from account;

-- session B: pay
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
DROP DATABASE isolab_repro;
