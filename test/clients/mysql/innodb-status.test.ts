import { expect, test } from "vitest";

import { lockWaiters } from "../../../src/clients/mysql/innodb-status.ts";

/** As MariaDB 10.11 prints it, the rest left out. */
const status = `
=====================================
2026-11-21 08:12:31 0x7f0 INNODB MONITOR OUTPUT
=====================================
------------------------
LATEST DETECTED DEADLOCK
------------------------
2026-11-21 08:12:30 0x7f0
*** (1) TRANSACTION:
TRANSACTION 41, ACTIVE 0 sec starting index read
mysql tables in use 1, locked 1
LOCK WAIT 4 lock struct(s), heap size 1128, 2 row lock(s), undo log entries 1
MariaDB thread id 21, OS thread handle 139, query id 212 127.0.0.1 root Updating
------------
TRANSACTIONS
------------
Trx id counter 47
Purge done for trx's n:o < 47 undo n:o < 0 state: running but idle
History list length 3
LIST OF TRANSACTIONS FOR EACH SESSION:
---TRANSACTION (0x7f1), not started
0 lock struct(s), heap size 1128, 0 row lock(s)
---TRANSACTION 46, ACTIVE 0 sec starting index read
mysql tables in use 1, locked 1
LOCK WAIT 2 lock struct(s), heap size 1128, 1 row lock(s)
MariaDB thread id 23, OS thread handle 140, query id 230 127.0.0.1 root Updating
update account set value = value + 1 where id = 1
------- TRX HAS BEEN WAITING 4023 us FOR THIS LOCK TO BE GRANTED:
RECORD LOCKS space id 9 page no 3 n bits 8 index PRIMARY of table \`t\`.\`account\` trx id 46 lock_mode X locks rec but not gap waiting
------------------
---TRANSACTION 45, ACTIVE 0 sec
2 lock struct(s), heap size 1128, 1 row lock(s), undo log entries 1
MariaDB thread id 22, OS thread handle 141, query id 228 127.0.0.1 root
---TRANSACTION 44, ACTIVE 1 sec inserting
mysql tables in use 1, locked 1
LOCK WAIT 3 lock struct(s), heap size 1128, 2 row lock(s)
MySQL thread id 124, OS thread handle 142, query id 229 127.0.0.1 root update
--------
FILE I/O
--------
`;

test("those whose transaction waits for a lock, and not those who did in the last deadlock", () => {
  expect([...lockWaiters(status)].toSorted((a, b) => a - b)).toEqual([23, 124]);
});

test("nobody where there is no transaction", () => {
  expect(lockWaiters("").size).toBe(0);
  expect(lockWaiters(status.slice(0, status.indexOf("---TRANSACTION"))).size).toBe(0);
});
