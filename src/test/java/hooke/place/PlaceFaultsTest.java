package hooke.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that break, drives that go, bytes that rot, and what is not as the user said. */
final class PlaceFaultsTest {
    @TempDir
    static Path folder;

    private static S3Server server;
    private static Relay relay;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start(folder.resolve("server"));
        relay = new Relay(server.port());
    }

    @BeforeEach
    void enter() {
        S3Settings.set(relay.uri(), S3Server.KEY, S3Server.SECRET);
    }

    @AfterAll
    static void stop() throws Exception {
        S3Settings.clear();
        relay.close();
        server.close();
    }

    @Test
    void anUploadGoesOnAfterThePartsThatAreThere() throws IOException {
        Path large = random(40 << 20);
        try (Place place = Place.make(bucket())) {
            relay.breakAfter(20 << 20, Integer.MAX_VALUE);
            assertThatThrownBy(() -> place.put(large))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("cannot be reached");
            relay.breakAfter(0, 0);
            relay.sent();

            Item item = place.put(large);

            assertThat(relay.sent()).isLessThan(30 << 20).isGreaterThan(20 << 20);
            Path copy = folder.resolve("copy");
            place.get(item, copy);
            assertThat(copy).hasSameBinaryContentAs(large);
        }
    }

    @Test
    void aNetworkThatStumblesIsTriedAgain() throws IOException {
        Path large = random(20 << 20);
        try (Place place = Place.make(bucket())) {
            relay.breakAfter(3 << 20, 3);
            Item item = place.put(large);
            place.refer("x", List.of(item));

            assertThat(place.find("x")).containsExactly(item);
        }
    }

    @Test
    void whatIsNotAsTheUserSaidIsOneSentence() {
        assertThatThrownBy(() -> Place.open("s3://lob/x"))
                .isInstanceOf(InputException.class)
                .hasMessage("the shared place s3://lob/x cannot be used: there is no bucket lob at " + relay.uri());

        S3Settings.set(relay.uri(), S3Server.KEY, "wrong");
        assertThatThrownBy(() -> Place.open("s3://lab/x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("refuses the credentials (SignatureDoesNotMatch)");
        S3Settings.set(relay.uri(), "nobody", S3Server.SECRET);
        assertThatThrownBy(() -> Place.open("s3://lab/x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("refuses the credentials (InvalidAccessKeyId)");

        S3Settings.set(URI.create("http://127.0.0.1:1"), S3Server.KEY, S3Server.SECRET);
        assertThatThrownBy(() -> Place.open("s3://lab/x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the store at http://127.0.0.1:1 cannot be reached (connection refused)");

        for (String where : new String[] {"s3:lab", "s3://", "s3://Lab/x", "gs://lab/x", ""}) {
            assertThatThrownBy(() -> Place.open(where))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("s3://BUCKET/PREFIX");
        }
        assertThatThrownBy(() -> Place.make(folder.resolve("server").toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is something else in it");
    }

    @Test
    void aDriveThatGoesIsNotTakenForAnEmptyOne() throws IOException {
        Path drive = folder.resolve("drive");
        try (Place place = Place.make(drive.toString())) {
            place.refer("x", List.of(place.put(PlaceTest.bytes("stored"))));
            Files.move(drive, folder.resolve("elsewhere"));
            Files.createDirectory(drive);

            for (Runnable use : new Runnable[] {
                () -> place.put(PlaceTest.bytes("more")), () -> place.find("x"), () -> place.names("")
            }) {
                assertThatThrownBy(use::run)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("the shared place " + drive + " cannot be used: it has gone");
            }
            assertThat(drive).isEmptyDirectory();

            Files.delete(drive);
            Files.move(folder.resolve("elsewhere"), drive);
            assertThat(place.find("x")).hasSize(1);
        }
    }

    @Test
    void whatRotsIsNamedAndCanBeStoredAgain() throws IOException {
        rots(bucket(), folder.resolve("server/data/lab"));
        Path drive = folder.resolve("rotting");
        rots(drive.toString(), drive);
    }

    private static void rots(String where, Path files) throws IOException {
        try (Place place = Place.make(where)) {
            Path file = random(100_000);
            Item item = place.put(file);
            Path object;
            try (var all = Files.walk(files)) {
                object = all.filter(p -> p.endsWith(item.sha256())).findFirst().orElseThrow();
            }
            byte[] bytes = Files.readAllBytes(object);
            bytes[5000] ^= 1;
            Files.write(object, bytes);

            Path copy = folder.resolve("rotten");
            assertThatThrownBy(() -> place.get(item, copy))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the object " + item.sha256() + " in " + where + " is damaged");
            assertThat(copy).doesNotExist();
            assertThat(place.fetch(item, copy))
                    .hasValueSatisfying(fault -> assertThat(fault).contains("lacks the object"));

            assertThat(place.put(file)).isEqualTo(item);
            place.get(item, copy);
            assertThat(copy).hasSameBinaryContentAs(file);
            Files.delete(copy);
        }
    }

    private static String bucket() {
        return "s3://lab/" + UUID.randomUUID();
    }

    private static Path random(int size) throws IOException {
        byte[] all = new byte[size];
        new Random(size).nextBytes(all);
        return Files.write(folder.resolve("random-" + size), all);
    }
}
