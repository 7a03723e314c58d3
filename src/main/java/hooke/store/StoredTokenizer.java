package hooke.store;

import hooke.InputException;
import hooke.config.EventKind;
import hooke.store.sqlite.JsonColumn;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A run's {@code tokenizer.json} as the event that keeps it, so that it goes wherever the run goes: into archives, and to stores where the
 * text is not.
 *
 * @param gzip in base 64: a vocabulary of 16,000 takes some 200 kB
 */
record StoredTokenizer(String gzip) {
    /** More than a vocabulary of a million takes. */
    private static final int LARGEST = 1 << 28;

    static Event event(String json) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var stored = new StoredTokenizer(Base64.getEncoder().encodeToString(bytes.toByteArray()));
        return new Event(0, EventKind.TOKENIZER.word(), JsonColumn.of(stored));
    }

    static Optional<String> in(List<Event> events, String where) {
        return events.stream()
                .filter(e -> e.is(EventKind.TOKENIZER))
                .findFirst()
                .map(e -> JsonColumn.read(e.detail(), StoredTokenizer.class, where)
                        .json(where));
    }

    private String json(String where) {
        try (var in =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(gzip)))) {
            return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(where + " is damaged: it cannot be unpacked", e);
        }
    }
}
