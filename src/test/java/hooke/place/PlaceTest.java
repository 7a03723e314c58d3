package hooke.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for a folder and for a bucket on a real server. */
final class PlaceTest {
    @TempDir
    static Path folder;

    private static S3Server server;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start(folder.resolve("server"));
        S3Settings.set(server.uri(), S3Server.KEY, S3Server.SECRET);
    }

    @AfterAll
    static void stop() throws Exception {
        S3Settings.clear();
        server.close();
    }

    static Stream<String> places() {
        String name = UUID.randomUUID().toString();
        return Stream.of(folder.resolve(name).toString(), "s3://lab/" + name);
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatIsPutIsFoundByItsHash(String where) throws IOException {
        try (Place place = Place.make(where)) {
            Item small = place.put(bytes("some bytes"));
            Item none = place.put(new byte[0]);
            Path large = random("large", 20 << 20);
            Item file = place.put(large);

            assertThat(small).isEqualTo(new Item(Sha256.of(bytes("some bytes")), 10));
            assertThat(read(place, small)).isEqualTo(bytes("some bytes"));
            assertThat(read(place, none)).isEmpty();
            assertThat(file.sha256()).isEqualTo(Sha256.of(large));
            Path copy = folder.resolve("copy");
            place.get(file, copy);
            assertThat(copy).hasSameBinaryContentAs(large);
            assertThat(place.put(large)).isEqualTo(file);
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void aReferenceLeadsToWhatItWasGivenLast(String where) {
        try (Place place = Place.make(where)) {
            Item first = place.put(bytes("first"));
            Item second = place.put(bytes("second"));
            place.refer("runs/a/checkpoint", List.of(first));
            place.refer("runs/a/checkpoint", List.of(second, first));
            place.refer("runs/b/done", List.of(first));

            assertThat(place.find("runs/a/checkpoint")).containsExactly(second, first);
            assertThat(place.find("runs/a/done")).isEmpty();
            assertThat(place.names("runs/")).containsExactly("runs/a/checkpoint", "runs/b/done");
            assertThat(place.names("runs/b")).containsExactly("runs/b/done");

            place.forget("runs/a/checkpoint");
            place.forget("runs/a/checkpoint");
            assertThat(place.names("")).containsExactly("runs/b/done");
            assertThat(read(place, second)).isEqualTo(bytes("second"));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void anotherProcessSeesTheSame(String where) {
        try (Place place = Place.make(where)) {
            place.refer("x", List.of(place.put(bytes("seen"))));
        }
        try (Place place = Place.open(where)) {
            assertThat(read(place, place.find("x").getFirst())).isEqualTo(bytes("seen"));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void tidyingKeepsWhatHasANameOrIsNew(String where) {
        try (Place place = Place.make(where)) {
            Item named = place.put(bytes("named"));
            Item unnamed = place.put(bytes("unnamed"));
            Item needed = place.put(bytes("needed"));
            place.refer("x", List.of(named, needed));

            assertThat(place.tidy(Duration.ofHours(1))).isZero();
            assertThat(place.holds(unnamed)).isTrue();
            assertThat(place.tidy(Duration.ofSeconds(-5))).isEqualTo(1);
            assertThat(place.holds(unnamed)).isFalse();
            assertThat(read(place, named)).isEqualTo(bytes("named"));
            assertThat(read(place, needed)).isEqualTo(bytes("needed"));
        }
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatIsNoPlaceIsNotTakenForOne(String where) {
        assertThatThrownBy(() -> Place.open(where))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not a shared place of runs");
    }

    @ParameterizedTest
    @MethodSource("places")
    void namesAreWordsWithSlashes(String where) {
        try (Place place = Place.make(where)) {
            Item item = place.put(bytes("x"));
            for (String name : new String[] {"", "/a", "a/", "a//b", "../a", "a/..", "a b", "ä"}) {
                assertThatThrownBy(() -> place.refer(name, List.of(item)))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("'" + name + "'");
            }
        }
    }

    private static byte[] read(Place place, Item item) {
        try {
            Path copy = folder.resolve(UUID.randomUUID().toString());
            place.get(item, copy);
            return Files.readAllBytes(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Path random(String name, int size) throws IOException {
        byte[] all = new byte[size];
        new Random(size).nextBytes(all);
        return Files.write(folder.resolve(name), all);
    }
}
