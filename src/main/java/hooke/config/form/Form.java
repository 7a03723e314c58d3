package hooke.config.form;

import java.util.Map;

/**
 * A kind of file: what the types of its records do not say.
 *
 * @param what it is, for sentences: {@code an experiment}
 * @param entries of its keys
 * @param derivation of the keys that the entries call derived
 * @param readers of keys whose values are not written as their types are, by the last word of the key's path
 */
public record Form(String what, Entries entries, Derivation derivation, Map<String, Reader> readers) {
    /** Where no key is derived. */
    public static final Derivation NOT_DERIVED = (path, _, _) -> {
        throw new IllegalStateException(path + " is called derived");
    };

    /** A value that follows from those before it. */
    public interface Derivation {
        /**
         * @param bound every value that stands before the key, by path
         * @param source the file's name or path
         */
        Object derive(String path, Map<String, Object> bound, String source);
    }

    /** Makes a value of what is written for a key, or refuses it with its place. */
    public interface Reader {
        Object read(Tree tree, String path);
    }

    /** A key that another one follows from has no value, because it is wrong or comes later. */
    public static final class NotBoundException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        public NotBoundException(String path) {
            super(path);
        }
    }
}
