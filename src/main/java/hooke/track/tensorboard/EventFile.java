package hooke.track.tensorboard;

import hooke.InputException;
import hooke.Reason;
import hooke.WholeFile;
import hooke.store.Event;
import hooke.track.TrackedRun;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * A run as one event file: every point as a scalar under the name of its series, settings and note as a text, each event as a text at its
 * step. Field numbers are those of TensorFlow's {@code event.proto}, {@code summary.proto}, {@code tensor.proto}, {@code
 * tensor_shape.proto}. Scalars are of 32 bits, as in all such files.
 */
public final class EventFile {
    private static final int STRING = 7; // DT_STRING of types.proto

    private EventFile() {}

    /**
     * Writes {@code NAME/SEED/events.out.tfevents...} below a folder, with the sweep's name before it for a run of a sweep. The file
     * appears when it is whole, in place of what an earlier export wrote. Throws {@link InputException} where it cannot be written.
     */
    public static Path write(TrackedRun run, Path folder) {
        Path of = run.label().equals(run.run().name()) ? folder : folder.resolve(run.group());
        Path runs = of.resolve(run.label()).resolve(Long.toString(run.run().seed()));
        try {
            Files.createDirectories(runs);
        } catch (IOException e) {
            throw new InputException(runs + " cannot be made: " + Reason.of(e), e);
        }
        // The moment that the run was made names the file, so that writing it again replaces it.
        Path file = runs.resolve(
                "events.out.tfevents.%d.hooke".formatted(run.run().created().toEpochSecond()));
        WholeFile.write(file, temporary -> {
            try (var out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16)) {
                write(run, out);
            }
        });
        return file;
    }

    static void write(TrackedRun run, OutputStream out) throws IOException {
        double begun = run.times().begun();
        record(out, new Message().real(1, begun).text(3, "brain.Event:2"));
        record(out, event(begun, 0, text("settings", table(run.settings()))));
        if (!run.note().isEmpty()) {
            record(out, event(begun, 0, text("note", run.note())));
        }
        for (Map.Entry<Long, SequencedMap<String, Double>> step : run.bySteps().entrySet()) {
            var summary = new Message();
            step.getValue()
                    .forEach((name, value) ->
                            summary.message(1, new Message().text(1, name).real(2, value.floatValue())));
            record(out, event(run.at(step.getKey()), step.getKey(), summary));
        }
        for (Event event : run.events()) {
            record(out, event(run.at(event.step()), event.step(), text("events/" + event.kind(), event.detail())));
        }
    }

    private static Message event(double at, long step, Message summary) {
        return new Message().real(1, at).whole(2, step).message(5, summary);
    }

    /** A summary with one text, which TensorBoard shows as Markdown. */
    private static Message text(String tag, String markdown) {
        Message shape = new Message().message(2, new Message().whole(1, 1)); // [1]
        Message tensor = new Message().whole(1, STRING).message(2, shape).text(8, markdown);
        Message plugin = new Message().text(1, "text");
        Message metadata = new Message().message(1, plugin).whole(4, 2); // DATA_CLASS_TENSOR
        return new Message()
                .message(1, new Message().text(1, tag).message(9, metadata).message(8, tensor));
    }

    private static String table(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(e -> "| %s | %s |\n".formatted(e.getKey(), e.getValue().replace("|", "\\|")))
                .collect(Collectors.joining("", "| setting | value |\n|---|---|\n", ""));
    }

    /** Length, its checksum, the message, its checksum. */
    private static void record(OutputStream out, Message message) throws IOException {
        byte[] data = message.toBytes();
        byte[] length = little(8).putLong(data.length).array();
        out.write(length);
        out.write(little(4).putInt(masked(length)).array());
        out.write(data);
        out.write(little(4).putInt(masked(data)).array());
    }

    /** CRC-32C, turned and shifted, so that a checksum of data that has checksums inside is as good as others. */
    static int masked(byte[] data) {
        var crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
