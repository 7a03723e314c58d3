package hooke.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The entries of byte-level BPE by number: how each is named, and the bytes that it stands for. */
final class Vocabulary {
    private final List<String> names;
    private final Specials specials;
    private final Map<String, Integer> tokens = new HashMap<>();
    private final byte[][] bytes;
    private final int[] ofByte = new int[256];
    private final int inModel;

    /** @param inModel how many of the names the model itself knows; those after them are special tokens alone */
    Vocabulary(List<String> names, Specials specials, int inModel) {
        this.inModel = inModel;
        this.names = List.copyOf(names);
        this.specials = specials;
        this.bytes = names.stream()
                .map(name -> ByteLetters.bytes(name).orElseGet(() -> name.getBytes(StandardCharsets.UTF_8)))
                .toArray(byte[][]::new);
        names.forEach(name -> tokens.put(name, tokens.size()));
        specials.all().forEach(s -> bytes[s.id()] = s.content().getBytes(StandardCharsets.UTF_8));
        Arrays.setAll(ofByte, value -> token(String.valueOf(ByteLetters.letter(value))));
    }

    int size() {
        return names.size();
    }

    Specials specials() {
        return specials;
    }

    String name(int token) {
        return names.get(token);
    }

    byte[] bytes(int token) {
        return bytes[token];
    }

    /** The names that the model itself knows. */
    List<String> inModel() {
        return names.subList(0, inModel);
    }

    /** The entry of one byte, -1 if it has none. */
    int token(byte value) {
        return ofByte[value & 255];
    }

    /** The entry of this name, -1 if there is none. */
    int token(String name) {
        return tokens.getOrDefault(name, -1);
    }
}
