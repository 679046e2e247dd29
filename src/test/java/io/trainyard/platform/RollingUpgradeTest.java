package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** Migrations of releases only add, so that processes of the release before go on: docs/decisions/0041. */
class RollingUpgradeTest {

    /** The first release begins with what they have made. */
    private static final int BEFORE_THE_FIRST_RELEASE = 17;

    private static final Pattern NUMBER = Pattern.compile("V(\\d+)__");
    private static final Pattern CONTRACTS = Pattern.compile("(?m)^-- contracts: \\d+\\.\\d+\\.\\d+$");
    private static final Pattern TAKES_AWAY =
            Pattern.compile("(?i)\\b(drop\\s+(table|column|view|sequence|type|function)"
                    + "|rename\\s+(to|column)|set\\s+not\\s+null|drop\\s+default|alter\\s+column\\s+\\w+\\s+(set\\s+data\\s+)?type"
                    + "|add\\s+(constraint\\s+\\w+\\s+)?(check|unique|foreign\\s+key|primary\\s+key)|create\\s+unique\\s+index"
                    + "|revoke|truncate)\\b");

    private static final Pattern NEW_COLUMN = Pattern.compile("(?i)\\badd\\s+column\\s[^,;]+");

    @Test
    void noMigrationTakesAwayWhatTheReleaseBeforeUses() throws IOException {
        Resource[] migrations = new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V*.sql");
        assertThat(migrations).hasSizeGreaterThanOrEqualTo(BEFORE_THE_FIRST_RELEASE);
        for (Resource migration : migrations) {
            if (number(Objects.requireNonNull(migration.getFilename())) > BEFORE_THE_FIRST_RELEASE) {
                assertThat(takenAway(migration.getContentAsString(StandardCharsets.UTF_8)))
                        .as(migration.getFilename())
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "drop table job;",
                "alter table job drop column spec;",
                "alter table job rename column spec to request;",
                "alter table job rename to task;",
                "alter table job alter column spec set not null;",
                "alter table job alter column spec type text;",
                "alter table job add column kind text not null;",
                "alter table job alter column priority drop default;",
                "alter table job add constraint job_kind check (kind <> '');",
                "alter table job add foreign key (model) references model;",
                "create unique index job_once on job (model);"
            })
    void whatTakesSomethingAwayIsFound(String sql) {
        assertThat(takenAway(sql)).hasSize(1);
        assertThat(takenAway("-- contracts: 0.1.0\n" + sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table job_note (job_id uuid not null references job, note text not null);",
                "alter table job add column note text;",
                "alter table job add column kind text not null default 'training';",
                "alter table job add column kind text default 'training' not null;",
                "alter table job drop constraint job_status_check;",
                "create index job_notes on job (note);"
            })
    void whatAddsIsNot(String sql) {
        assertThat(takenAway(sql)).isEmpty();
    }

    private static int number(String file) {
        return NUMBER.matcher(file)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> takenAway(String sql) {
        if (CONTRACTS.matcher(sql).find()) {
            return List.of();
        }
        String statements = sql.replaceAll("(?m)--.*$", "");
        return Stream.concat(
                        TAKES_AWAY.matcher(statements).results().map(MatchResult::group),
                        NEW_COLUMN
                                .matcher(statements)
                                .results()
                                .map(MatchResult::group)
                                .filter(RollingUpgradeTest::isNeeded))
                .toList();
    }

    /** Rows of the release before would lack it. */
    private static boolean isNeeded(String column) {
        String text = column.toLowerCase(Locale.ROOT);
        return text.contains("not null") && !text.contains("default");
    }
}
