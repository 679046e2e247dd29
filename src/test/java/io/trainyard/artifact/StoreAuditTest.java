package io.trainyard.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit finds each file that is missing or damaged, and deletes those, and only those, that nothing has needed for long. */
class StoreAuditTest {

    private static final Duration ORPHAN_AGE = Duration.ofDays(1);

    @TempDir
    Path dir;

    private Artifacts artifacts;
    private Checkpoints checkpoints;
    private StoreAudit audit;

    @BeforeEach
    void open() {
        ArtifactProperties properties = new ArtifactProperties(dir, ORPHAN_AGE);
        artifacts = new Artifacts(properties, Clock.systemUTC());
        checkpoints = new Checkpoints(properties);
        audit = new StoreAudit(properties, Clock.systemUTC());
    }

    @Test
    void whatIsNeededAndWholeIsNoFault() {
        UUID job = UUID.randomUUID();
        Reference checkpoint = checkpoints.reference(
                job, "1-2-3.checkpoint", checkpoints.put(job, "1-2-3.checkpoint", bytes("state")));
        StoreReport report = audit.run(() -> List.of(stored("one"), stored("two"), stored("one"), checkpoint));
        assertThat(report).isEqualTo(new StoreReport(3, 11, List.of(), List.of(), 0, 0, 0));
    }

    @Test
    void missingAndDamagedFilesAreToldApart() throws IOException {
        Reference cut = stored("to be cut");
        Reference flipped = stored("to be flipped");
        Reference deleted = stored("to be deleted");
        Files.writeString(file(cut), "to be");
        Files.writeString(file(flipped), "to be flapped");
        Files.delete(file(deleted));
        StoreReport report = audit.run(() -> List.of(cut, flipped, deleted));
        assertThat(report.damaged())
                .extracting(StoreReport.Fault::path)
                .containsExactlyInAnyOrder(cut.path(), flipped.path());
        assertThat(report.missing()).extracting(StoreReport.Fault::path).containsExactly(deleted.path());
        assertThat(report.damaged()).extracting(StoreReport.Fault::owner).containsOnly("a test");
    }

    @Test
    void oldFilesThatNothingNeedsAreDeletedAndYoungOnesAreNot() throws IOException {
        Reference needed = age(stored("needed"));
        Reference old = age(stored("old"));
        Reference young = stored("young");
        UUID job = UUID.randomUUID();
        Reference state = age(checkpoints.reference(
                job, "1-2-3.checkpoint", checkpoints.put(job, "1-2-3.checkpoint", bytes("state"))));
        Path cutOff = Files.writeString(dir.resolve("incoming").resolve(UUID.randomUUID() + ".tmp"), "half");
        Files.setLastModifiedTime(cutOff, longAgo());

        StoreReport report = audit.run(() -> List.of(needed));
        assertThat(report).isEqualTo(new StoreReport(1, 6, List.of(), List.of(), 1, 3, 12));
        assertThat(file(needed)).exists();
        assertThat(file(young)).exists();
        assertThat(file(old)).doesNotExist();
        assertThat(file(state)).doesNotExist();
        assertThat(cutOff).doesNotExist();
    }

    @Test
    void whatIsReleasedIsNotDeletedBeforeItHasAgedAnew() throws IOException {
        Reference old = age(stored("old"));
        artifacts.release(old.artifact());
        assertThat(audit.run(List::of).collected()).isZero();
        assertThat(file(old)).exists();
        age(old);
        assertThat(audit.run(List::of).collected()).isEqualTo(1);
        artifacts.release(old.artifact());
    }

    @Test
    void folderCanBeALink(@TempDir Path elsewhere) throws IOException {
        Reference old = age(stored("old"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("artifacts"), dir);
        StoreReport report = new StoreAudit(new ArtifactProperties(link, ORPHAN_AGE), Clock.systemUTC()).run(List::of);
        assertThat(report.collected()).isEqualTo(1);
        assertThat(file(old)).doesNotExist();
    }

    @Test
    void whatIsNotOursIsLeftAlone() throws IOException {
        Reference needed = stored("needed");
        for (String name :
                List.of("notes.txt", "postgres/base/1", "ab/short", "lost+found/1", "checkpoints/x/1.checkpoint")) {
            Path file = dir.resolve(name);
            Files.createDirectories(file.getParent());
            Files.setLastModifiedTime(Files.writeString(file, name), longAgo());
        }
        StoreReport report = audit.run(() -> List.of(needed));
        assertThat(report).isEqualTo(new StoreReport(1, 6, List.of(), List.of(), 0, 0, 0));
        assertThat(dir.resolve("notes.txt")).exists();
        assertThat(dir.resolve("postgres/base/1")).exists();
    }

    @Test
    void whatCannotBeReadIsDamagedAndTheRestIsLookedAt() throws IOException {
        Reference unreadable = stored("unreadable");
        Reference other = stored("other");
        // A folder in its place can be opened, but not read.
        Files.delete(file(unreadable));
        Files.createDirectories(file(unreadable));
        StoreReport report = audit.run(() -> List.of(unreadable, other));
        assertThat(report.files()).isEqualTo(2);
        assertThat(report.damaged()).extracting(StoreReport.Fault::path).containsExactly(unreadable.path());
    }

    @Test
    void whatACutOffAuditHadTakenIsGivenBack() throws IOException {
        Reference needed = stored("needed");
        Files.move(file(needed), taken(needed));
        Reference storedAnew = stored("stored anew");
        Files.copy(file(storedAnew), taken(storedAnew));
        Reference old = age(stored("old"));
        Files.move(file(old), taken(old));

        StoreReport report = audit.run(() -> List.of(needed, storedAnew));
        assertThat(report).isEqualTo(new StoreReport(2, 17, List.of(), List.of(), 0, 1, 3));
        assertThat(file(needed)).hasContent("needed");
        assertThat(file(storedAnew)).hasContent("stored anew");
        assertThat(taken(storedAnew)).doesNotExist();
        assertThat(file(old)).doesNotExist();
    }

    private Path taken(Reference reference) {
        return dir.resolve(reference.path() + ".orphan");
    }

    @Test
    void whatIsPublishedWhileItLooksIsNoOrphan() throws IOException {
        Reference published = age(stored("published"));
        assertThat(audit.run(() -> List.of(published)).collected()).isZero();
        assertThat(file(published)).exists();
    }

    @Test
    void whatIsNoLongerNeededWhenItLooksAgainIsNotMissed() throws IOException {
        Reference gone = stored("gone");
        Files.delete(file(gone));
        List<Collection<Reference>> answers = new ArrayList<>(List.of(List.of(gone), List.of()));
        StoreReport report = audit.run(() -> answers.remove(0));
        assertThat(report.missing()).isEmpty();
    }

    @Test
    void copyLeavesOutWhatIsDamagedAndSaysSo() throws IOException {
        Reference whole = stored("whole");
        Reference damaged = stored("damaged");
        Files.writeString(file(damaged), "dam");
        Path other = dir.resolve("other");
        List<String> lost = new ArrayList<>();
        assertThat(StoreCopy.copy(dir, other, List.of(whole, damaged), lost::add))
                .containsExactly(whole);
        assertThat(other.resolve(whole.path())).hasContent("whole");
        assertThat(other.resolve(damaged.path())).doesNotExist();
        assertThat(lost).singleElement().asString().contains("a test", "has 3 bytes instead of 7");
    }

    @Test
    void checkpointsOfAJobAreKeptByNameAndGoTogether() throws IOException {
        UUID job = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        Artifact first = checkpoints.put(job, "1", bytes("first"));
        Artifact second = checkpoints.put(job, "2", bytes("second"));
        Artifact same = checkpoints.put(other, "1", bytes("first"));
        assertThat(same).isEqualTo(first);
        checkpoints.delete(job, List.of("1"));
        assertThat(file(checkpoints.reference(job, "1", first))).doesNotExist();
        assertThat(checkpoints.verified(job, "2", second)).hasContent("second");
        checkpoints.delete(job);
        checkpoints.delete(job);
        assertThat(file(checkpoints.reference(job, "2", second))).doesNotExist();
        assertThat(checkpoints.verified(other, "1", same)).hasContent("first");
    }

    private Reference stored(String text) {
        return artifacts.reference("a test", artifacts.put(bytes(text)));
    }

    private static Content bytes(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(Reference reference) {
        return dir.resolve(reference.path());
    }

    private Reference age(Reference reference) throws IOException {
        Files.setLastModifiedTime(file(reference), longAgo());
        return reference;
    }

    private static FileTime longAgo() {
        return FileTime.from(Instant.now().minus(ORPHAN_AGE).minusSeconds(60));
    }
}
