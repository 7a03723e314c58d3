package hooke.tensor;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import hooke.Check;
import hooke.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** The JSON in front of a safetensors file: which tensor lies where. Whatever one of these holds fits its file exactly. */
record SafetensorsHeader(SequencedMap<String, Entry> entries, SequencedMap<String, String> metadata) {
    /** What the original refuses to read beyond, and so we too. */
    static final int MAX_BYTES = 100_000_000;

    /** PyTorch's and numpy's own limit. */
    private static final int MAX_AXES = 64;

    private static final String METADATA = "__metadata__";

    /** Where a tensor's bytes begin and end behind the header. */
    record Entry(DType dtype, List<Long> shape, long begin, long end) {}

    /** The header of these tensors laid one behind another. */
    static SafetensorsHeader of(List<Map.Entry<String, RawTensor>> tensors, SequencedMap<String, String> metadata) {
        SequencedMap<String, Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, RawTensor> e : tensors) {
            Check.that(!e.getKey().equals(METADATA), "a tensor cannot be called %s in a safetensors file", METADATA);
            RawTensor tensor = e.getValue();
            long end = at + tensor.data().byteSize();
            entries.put(e.getKey(), new Entry(tensor.dtype(), tensor.shape(), at, end));
            at = end;
        }
        return new SafetensorsHeader(entries, metadata);
    }

    byte[] json() {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = factory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            if (!metadata.isEmpty()) {
                out.writeName(METADATA);
                out.writeStartObject();
                metadata.forEach(out::writeStringProperty);
                out.writeEndObject();
            }
            entries.forEach((name, e) -> {
                out.writeName(name);
                out.writeStartObject();
                out.writeStringProperty("dtype", e.dtype().name());
                out.writeName("shape");
                long[] shape = e.shape().stream().mapToLong(n -> n).toArray();
                out.writeArray(shape, 0, shape.length);
                out.writeName("data_offsets");
                out.writeArray(new long[] {e.begin(), e.end()}, 0, 2);
                out.writeEndObject();
            });
            out.writeEndObject();
        }
        Check.that(
                bytes.size() <= MAX_BYTES - 8,
                "%s tensors need a safetensors header of %s bytes, more than the %s allowed",
                entries.size(),
                bytes.size(),
                MAX_BYTES);
        return bytes.toByteArray();
    }

    /** The header that these bytes are, in front of so many bytes of data. Throws {@link InputException} naming the file. */
    static SafetensorsHeader parse(String file, byte[] bytes, long dataBytes) {
        // The original starts with a brace; blanks or a byte order mark in front of it are for other readers to guess
        // at.
        Check.that(
                bytes.length > 0 && bytes[0] == '{',
                "%s is not a safetensors file: its header does not begin with {",
                file);
        String json;
        try {
            json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InputException(file + " is not a safetensors file: its header is not UTF-8", e);
        }
        try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), json)) {
            return new Reader(file, parser).header(dataBytes);
        } catch (JacksonException e) {
            throw new InputException(file + " has a broken header: " + fault(e), e);
        }
    }

    private static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(4)
                        .maxStringLength(MAX_BYTES)
                        .build())
                .build();
    }

    private static String fault(JacksonException e) {
        @Nullable String message = e.getOriginalMessage();
        @Nullable TokenStreamLocation at = e.getLocation();
        String first =
                message == null ? "not JSON" : message.lines().findFirst().orElse("not JSON");
        return printable(first) + (at == null ? "" : ", at character " + at.getCharOffset());
    }

    /** A name out of a file nobody vouches for, fit for a sentence. */
    private static String printable(String text) {
        String shown = text.length() <= 200 ? text : text.substring(0, 200) + "...";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    /** Walks the tokens once; every rule is checked where its token is read. */
    private record Reader(String file, JsonParser parser) {
        SafetensorsHeader header(long dataBytes) {
            SequencedMap<String, Entry> entries = new LinkedHashMap<>();
            SequencedMap<String, String> metadata = new LinkedHashMap<>();
            expect(JsonToken.START_OBJECT, "its header");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name.equals(METADATA)) {
                    readMetadata(metadata);
                } else {
                    entries.put(name, entry(name));
                }
            }
            check(parser.nextToken() == null, "its header goes on behind the closing }");
            checkLayout(entries, dataBytes);
            return new SafetensorsHeader(entries, metadata);
        }

        private void readMetadata(SequencedMap<String, String> metadata) {
            expect(JsonToken.START_OBJECT, METADATA);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                expect(JsonToken.VALUE_STRING, METADATA + "." + printable(key));
                metadata.put(key, parser.getString());
            }
        }

        private Entry entry(String name) {
            String tensor = "tensor '" + printable(name) + "'";
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            expect(JsonToken.START_OBJECT, tensor);
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                switch (key) {
                    case "dtype" -> dtype = dtype(tensor);
                    case "shape" -> shape = numbers(tensor + " shape", MAX_AXES);
                    case "data_offsets" -> offsets = numbers(tensor + " data_offsets", 2);
                    default -> throw wrong(tensor + " has an unknown key '" + printable(key) + "'");
                }
            }
            if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
                throw wrong(tensor + " must have dtype, shape and two data_offsets");
            }
            return entry(tensor, dtype, shape, offsets.get(0), offsets.get(1));
        }

        private Entry entry(String tensor, DType dtype, List<Long> shape, long begin, long end) {
            check(begin <= end, "%s ends (%s) before it begins (%s)", tensor, end, begin);
            long bytes;
            try {
                bytes = Math.multiplyExact(RawTensor.count(shape), dtype.bytes());
            } catch (ArithmeticException e) {
                throw wrong(tensor + " has a shape " + shape + " of more elements than there can be");
            }
            check(
                    bytes == end - begin,
                    "%s takes %s bytes as %s %s, but its data_offsets [%s, %s] span %s",
                    tensor,
                    bytes,
                    dtype,
                    shape,
                    begin,
                    end,
                    end - begin);
            return new Entry(dtype, shape, begin, end);
        }

        private DType dtype(String tensor) {
            expect(JsonToken.VALUE_STRING, tensor + " dtype");
            String name = parser.getString();
            return Arrays.stream(DType.values())
                    .filter(d -> d.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> wrong(tensor + " has the unknown dtype '" + printable(name) + "' (known: "
                            + Arrays.toString(DType.values()) + ")"));
        }

        private List<Long> numbers(String what, int atMost) {
            expect(JsonToken.START_ARRAY, what);
            List<Long> numbers = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                check(whole && parser.getLongValue() >= 0, "%s must hold whole numbers from 0 to 2^63 - 1", what);
                check(numbers.size() < atMost, "%s must hold at most %s numbers", what, atMost);
                numbers.add(parser.getLongValue());
            }
            return numbers;
        }

        /** Every byte behind the header belongs to exactly one tensor. */
        private void checkLayout(SequencedMap<String, Entry> entries, long dataBytes) {
            List<Map.Entry<String, Entry>> byPlace = new ArrayList<>(entries.entrySet());
            byPlace.sort(Comparator.comparingLong(
                            (Map.Entry<String, Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()));
            long at = 0;
            for (Map.Entry<String, Entry> e : byPlace) {
                Entry entry = e.getValue();
                if (entry.begin() != at) {
                    throw wrong("tensor '%s' begins at byte %s of the data where %s was due: no overlaps, no holes"
                            .formatted(printable(e.getKey()), entry.begin(), at));
                }
                if (entry.end() > dataBytes) {
                    throw wrong("tensor '%s' ends at byte %s of the data, and the file has only %s: it is cut"
                            .formatted(printable(e.getKey()), entry.end(), dataBytes));
                }
                at = entry.end();
            }
            check(at == dataBytes, "%s bytes behind the last tensor belong to none", dataBytes - at);
        }

        private void expect(JsonToken token, String what) {
            check(parser.nextToken() == token, "%s must be %s", what, describe(token));
        }

        private static String describe(JsonToken token) {
            return switch (token) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "a list";
                default -> "a string";
            };
        }

        @FormatMethod
        private void check(boolean condition, @FormatString String sentence, Object... values) {
            if (!condition) {
                throw wrong(String.format(Locale.ROOT, sentence, values));
            }
        }

        private InputException wrong(String sentence) {
            return new InputException(file + ": " + sentence);
        }
    }
}
