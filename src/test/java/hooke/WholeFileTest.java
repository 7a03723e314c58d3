package hooke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFullDiskIsSaidInWordsAndWhatWasThereStays() throws IOException {
        Path file = Files.writeString(folder.resolve("a.zip"), "before");

        assertThatThrownBy(() -> WholeFile.write(file, temporary -> {
                    Files.writeString(temporary, "half of it");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(InputException.class)
                .hasMessage(file + " cannot be written: no space left on device");
        assertThat(file).hasContent("before");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    /** A process that has ended, and one that still writes. */
    @Test
    void whatAKilledProcessLeftIsClearedByTheNext() throws Exception {
        Process ended =
                new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-version").start();
        ended.waitFor();
        Path left = Files.writeString(folder.resolve(".a.zip." + ended.pid() + "-x1.tmp"), "half");
        Path writing = Files.writeString(
                folder.resolve(".a.zip." + ProcessHandle.current().pid() + "-x1.tmp"), "half");
        Path others = Files.writeString(folder.resolve(".b.zip." + ended.pid() + "-x1.tmp"), "half");

        WholeFile.write(folder.resolve("a.zip"), temporary -> Files.writeString(temporary, "whole"));

        assertThat(left).doesNotExist();
        assertThat(writing).exists();
        assertThat(others).exists();
        assertThat(folder.resolve("a.zip")).hasContent("whole");
    }

    @Test
    void aFaultOnTheWayLeavesNothingEither() {
        Path file = folder.resolve("a.zip");

        assertThatThrownBy(() -> WholeFile.write(file, temporary -> {
                    Files.writeString(temporary, "half of it");
                    throw new InputException("the checkpoint is damaged");
                }))
                .hasMessage("the checkpoint is damaged");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void noJavaStandsInTheSentence() throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        assertThatThrownBy(() -> WholeFile.write(full, temporary -> Files.writeString(temporary, "")))
                .hasMessage(full + " is a folder; name a file in it");
        assertThat(full).isEmptyDirectory();
        Files.writeString(full.resolve("x"), "");

        assertThatThrownBy(() ->
                        WholeFile.write(folder.resolve("none/a.zip"), temporary -> Files.writeString(temporary, "")))
                .hasMessageEndingWith("a.zip cannot be written: there is no such file or folder");
        assertThatThrownBy(
                        () -> WholeFile.write(full.resolve("x/a.zip"), temporary -> Files.writeString(temporary, "")))
                .hasMessageEndingWith("a.zip cannot be written: it is no folder");
    }

    @Test
    void aLinkStaysALinkAndWhatLiesBesideIsNotTouched() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        Path theirs = Files.writeString(folder.resolve("target.tmp"), "theirs");

        WholeFile.write(link, temporary -> Files.writeString(temporary, "new"));

        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
        assertThat(theirs).hasContent("theirs");
    }
}
