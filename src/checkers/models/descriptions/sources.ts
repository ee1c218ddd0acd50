/** Adya, "Weak Consistency: A Generalized Theory and Optimistic Implementations for Distributed Transactions", 1999. */
export function adya(where: string): string {
  return `Adya 1999 (thesis, MIT), ${where}`;
}

/** Adya, Liskov and O'Neil, "Generalized Isolation Level Definitions", 2000. */
export function adyaLiskovONeil(where: string): string {
  return `Adya, Liskov and O'Neil 2000 (Generalized Isolation Level Definitions, ICDE), ${where}`;
}

/** Berenson and others, 1995. */
export const berenson = "Berenson and others 1995 (A Critique of ANSI SQL Isolation Levels, SIGMOD)";

/** Bailis and others, 2013. */
export const bailis =
  "Bailis and others 2013 (Highly Available Transactions: Virtues and Limitations, VLDB), section 5";

/** Cerone, Bernardi and Gotsman, 2015. */
export const cerone =
  "Cerone, Bernardi and Gotsman 2015 (A Framework for Transactional Consistency Models with Atomic Visibility, CONCUR), section 3";

/** Cerone and Gotsman, 2018. */
export const ceroneGotsman = "Cerone and Gotsman 2018 (Analysing Snapshot Isolation, Journal of the ACM)";

/** Biswas and Enea, 2019. */
export function biswasEnea(where: string): string {
  return `Biswas and Enea 2019 (On the Complexity of Checking Transactional Consistency, OOPSLA), ${where}`;
}

/** Daudjee and Salem, 2004 and 2006. */
export const daudjeeSalem =
  "Daudjee and Salem 2006 (Lazy Database Replication with Snapshot Isolation, VLDB), section 2";

/** Kingsbury and Alvaro, 2020. */
export function elle(where: string): string {
  return `Kingsbury and Alvaro 2020 (Elle: Inferring Isolation Anomalies from Experimental Observations, VLDB), ${where}`;
}

/** Viotti and Vukolić, 2016. */
export const viotti =
  "Viotti and Vukolić 2016 (Consistency in Non-Transactional Distributed Storage Systems, ACM Computing Surveys)";

/** Herlihy and Wing, 1990. */
export const herlihyWing =
  "Herlihy and Wing 1990 (Linearizability: A Correctness Condition for Concurrent Objects, TOPLAS)";

/** Bernstein, Hadzilacos and Goodman, 1987. */
export function bernstein(where: string): string {
  return `Bernstein, Hadzilacos and Goodman 1987 (Concurrency Control and Recovery in Database Systems), ${where}`;
}

/** Terry and others, 1994. */
export const terry = "Terry and others 1994 (Session Guarantees for Weakly Consistent Replicated Data, PDIS)";

/** Kleppmann's test suite. */
export const hermitage = "Hermitage (Kleppmann), the test of the same name";

/** What PostgreSQL promises. */
export const postgresManual = "PostgreSQL documentation, 13.2 Transaction Isolation";

/** What InnoDB promises. */
export const mysqlManual =
  "MySQL Reference Manual, 17.7.2.1 Transaction Isolation Levels; MariaDB: innodb_snapshot_isolation";

/** Papadimitriou, 1979. */
export const papadimitriou =
  "Papadimitriou 1979 (The Serializability of Concurrent Database Updates, Journal of the ACM)";
