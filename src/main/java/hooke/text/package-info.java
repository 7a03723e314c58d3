/**
 * How text becomes tokens.
 *
 * <pre>{@code
 * Tokenizer tokenizer = Characters.of(texts);          // those in these texts
 * int[] ids = tokenizer.encode("Show HN: My side project");
 * String same = tokenizer.decode(ids);
 * byte[] first = tokenizer.bytes(ids[0]);             // what a token stands for, which may be part of a character
 * }</pre>
 *
 * A text is bytes, whether or not they are UTF-8: what belongs to no character stays what it is. Every tokenizer knows the special tokens
 * {@code <pad>}, {@code <eos>} and {@code <unk>}, and is written as a {@code tokenizer.json} that Hugging Face's tokenizers read. This room
 * uses no other.
 */
@org.jspecify.annotations.NullMarked
package hooke.text;
