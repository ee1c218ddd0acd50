import { Column, DataSource, Entity, PrimaryColumn } from "typeorm";

@Entity("jobs")
export class Job {
  @PrimaryColumn("int")
  id!: number;

  @Column("varchar", { length: 40, nullable: true })
  worker!: string | null;
}

/** Opens the database that `url` names, `postgres://…` or `mysql://…`, and creates the tables. */
export async function openDatabase(url: string): Promise<DataSource> {
  const source = new DataSource({
    type: url.startsWith("mysql:") ? "mariadb" : "postgres",
    url,
    entities: [Job],
    synchronize: true,
  });
  return source.initialize();
}
