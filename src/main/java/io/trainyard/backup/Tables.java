package io.trainyard.backup;

import io.trainyard.artifact.Artifact;
import io.trainyard.artifact.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The tables of the schema, copied within the caller's transaction. */
class Tables {

    private static final String HISTORY = "flyway_schema_history";
    /** What is true of one moment only. */
    private static final Set<String> MOMENTARY = Set.of("worker", "worker_figures", "worker_log", "page_session");

    private static final Pattern COLUMNS = Pattern.compile("\\w+(,\\w+)*");

    private final DataSource dataSource;
    private final JdbcClient jdbc;

    Tables(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
    }

    /** The version of the schema. */
    String schema() {
        return jdbc.sql("select version from flyway_schema_history where success order by installed_rank desc limit 1")
                .query(String.class)
                .single();
    }

    /** All tables, in an order in which none refers to a later one. */
    List<String> inOrder() {
        Set<String> left = jdbc
                // Not information_schema: it leaves out what this role may not read, and so would the backup.
                .sql("select tablename from pg_tables where schemaname = current_schema() order by 1")
                .query(String.class)
                .list()
                .stream()
                .filter(table -> !table.equals(HISTORY) && !MOMENTARY.contains(table))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        record Use(String user, String used) {}
        List<Use> uses = jdbc.sql("""
                        select conrelid::regclass::text as user, confrelid::regclass::text as used from pg_constraint
                        where contype = 'f' and conrelid <> confrelid""").query(Use.class).list();
        List<String> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> next = left.stream()
                    .filter(table ->
                            uses.stream().noneMatch(use -> use.user().equals(table) && left.contains(use.used())))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("these tables refer to each other: " + left);
            }
            ordered.addAll(next);
            next.forEach(left::remove);
        }
        return ordered;
    }

    /**
     * @param rows which to copy, as an SQL condition
     */
    Manifest.TableCopy save(String table, String rows, Path folder) throws IOException {
        AtomicLong count = new AtomicLong();
        Artifact written = DurableFile.write(folder, fileName(table), out -> {
            try {
                count.set(copy().copyOut(
                                "copy (select * from " + table + " where " + rows
                                        + ") to stdout with (format csv, header)",
                                out));
            } catch (SQLException e) {
                throw new IOException("table " + table + " could not be copied", e);
            }
        });
        return new Manifest.TableCopy(table, count.get(), written.sha256());
    }

    /** The file of a table's rows in a backup. */
    static String fileName(String table) {
        return table + ".csv";
    }

    /**
     * Empties all tables, for {@link #load}: even a new schema's hold a row or two. What their triggers would write is in
     * the backup itself, and what they would refuse was allowed before.
     */
    void empty(List<String> tables) {
        for (String table : tables) {
            jdbc.sql("alter table " + table + " disable trigger user").update();
        }
        // What is not in a backup may refer to what is.
        jdbc.sql("truncate " + String.join(", ", tables) + ", " + String.join(", ", MOMENTARY))
                .update();
    }

    long load(String table, Path file) throws IOException, SQLException {
        long rows;
        try (InputStream in = Files.newInputStream(file)) {
            rows = copy().copyIn("copy " + table + " (" + columns(file) + ") from stdin with (format csv, header)", in);
        }
        jdbc.sql("alter table " + table + " enable trigger user").update();
        for (String column : identities(table)) {
            jdbc.sql("select setval(pg_get_serial_sequence(:table, :column), (select coalesce(max(" + column
                            + "), 0) + 1 from " + table + "), false)")
                    .param("table", table)
                    .param("column", column)
                    .query(Long.class)
                    .single();
        }
        return rows;
    }

    private List<String> identities(String table) {
        return jdbc.sql("""
                        select column_name from information_schema.columns
                        where table_schema = current_schema() and table_name = :table and is_identity = 'YES'""").param("table", table).query(String.class).list();
    }

    /** The header that {@code COPY} wrote. */
    private static String columns(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(header -> COLUMNS.matcher(header).matches())
                    .orElseThrow(() -> new IOException(file + " does not begin with names of columns"));
        }
    }

    private CopyManager copy() throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}
