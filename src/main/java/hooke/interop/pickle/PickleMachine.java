package hooke.interop.pickle;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's stack machine for pickles, with those of its opcodes that PyTorch's files need (protocol 2 as PyTorch writes it, and the
 * shorter forms of 4 and 5). Calling something gives what {@link Allowed} says that it would have given, or an {@link hooke.InputException}.
 *
 * <p>The language: Python's {@code pickletools}, and PEP 307, 3154 and 574.
 */
final class PickleMachine {
    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_DIGIT_BYTES = 128;

    private final PickleInput in;
    private final Allowed allowed;
    private final Budget budget;
    private final List<Value> stack = new ArrayList<>();
    /** Heights of the stack at which something was marked; what lies below the last is out of reach. */
    private final List<Integer> marks = new ArrayList<>();

    private final Map<Long, Value> memo = new HashMap<>();

    private PickleMachine(PickleInput in, Storages storages, Budget budget) {
        this.in = in;
        this.allowed = new Allowed(in, storages);
        this.budget = budget;
    }

    /** The value of the pickle that begins here; the input then stands behind it. */
    static Value load(PickleInput in, Storages storages, Budget budget) {
        return new PickleMachine(in, storages, budget).run();
    }

    private Value run() {
        while (true) {
            int opcode = in.u1();
            if (opcode == '.') {
                Value value = pop();
                require(stack.isEmpty() && marks.isEmpty(), "the pickle ends with more than one value");
                return value;
            }
            if (!atom(opcode) && !container(opcode) && !remembered(opcode)) {
                object(opcode);
            }
        }
    }

    /** Values that stand alone. */
    private boolean atom(int opcode) {
        switch (opcode) {
            case 'N' -> push(new Value.None(), 24);
            case 0x88 -> push(new Value.Bool(true), 24);
            case 0x89 -> push(new Value.Bool(false), 24);
            case 'J' -> integer(in.i4());
            case 'K' -> integer(in.u1());
            case 'M' -> integer(in.u2());
            case 0x8a -> digits(in.u1());
            case 0x8b -> digits(in.i4());
            case 'G' -> push(new Value.Real(in.f8()), 24);
            case 'X' -> text(in.u4());
            case 0x8c -> text(in.u1());
            case 0x8d -> text(in.i8());
            case 'V' -> push(new Value.Text(in.line()), 1200);
            case 'C' -> bytes(in.u1());
            case 'B' -> bytes(in.u4());
            case 0x8e, 0x96 -> bytes(in.i8());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void integer(long value) {
        push(Value.Int.of(value), 80);
    }

    /** A whole number, little-endian in two's complement. */
    private void digits(int length) {
        require(length >= 0, "a whole number of %s bytes: a negative length", length);
        byte[] bytes = in.bytes(length);
        require(length <= MAX_DIGIT_BYTES, "a whole number of %s bytes; at most %s are read", length, MAX_DIGIT_BYTES);
        for (int i = 0; i < length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[length - 1 - i];
            bytes[length - 1 - i] = swapped;
        }
        push(new Value.Int(length == 0 ? BigInteger.ZERO : new BigInteger(bytes)), 80L + length);
    }

    private void text(long length) {
        require(length <= in.left(), "text of %s bytes where %s are left", Long.toUnsignedString(length), in.left());
        budget.spend(80 + 2 * Math.max(0, length));
        push(new Value.Text(in.text(length)), 0);
    }

    private void bytes(long length) {
        require(length <= in.left(), "%s bytes where %s are left", Long.toUnsignedString(length), in.left());
        budget.spend(40 + Math.max(0, length));
        push(new Value.Bytes(in.bytes(length)), 0);
    }

    /** Lists, tuples and dicts, and what fills them. */
    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> {
                budget.spend(24);
                marks.add(stack.size());
            }
            case '1' -> popToMark();
            case ')' -> push(new Value.Tuple(List.of()), 24);
            case 0x85 -> tuple(pop(1));
            case 0x86 -> tuple(pop(2));
            case 0x87 -> tuple(pop(3));
            case 't' -> tuple(popToMark());
            case ']' -> push(Value.Items.empty(), 64);
            case 'l' -> {
                List<Value> values = popToMark();
                push(Value.Items.of(values), 64 + 8L * values.size());
            }
            case 'a' -> append(pop(1));
            case 'e' -> append(popToMark());
            case '}' -> push(Value.Dict.empty(false), 128);
            case 'd' -> {
                List<Value> pairs = popToMark();
                push(Value.Dict.empty(false), 128);
                put(pairs);
            }
            case 0x8f -> push(new Value.Unread("a set"), 40);
            case 0x90 -> append(popToMark());
            case 0x91 -> {
                popToMark();
                push(new Value.Unread("a frozenset"), 40);
            }
            case 's' -> put(pop(2));
            case 'u' -> put(popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void tuple(List<Value> values) {
        push(new Value.Tuple(values), 40 + 8L * values.size());
    }

    private void append(List<Value> values) {
        Value top = top();
        if (top instanceof Value.Unread) {
            return;
        }
        if (!(top instanceof Value.Items items)) {
            throw in.fault("something is appended to %s, which is no list".formatted(shown(top)));
        }
        budget.spend(16L * values.size());
        values.forEach(items::add);
    }

    private void put(List<Value> pairs) {
        Value top = top();
        if (top instanceof Value.Unread) {
            return;
        }
        if (!(top instanceof Value.Dict dict)) {
            throw in.fault("a key is set in %s, which is no dict".formatted(shown(top)));
        }
        require(pairs.size() % 2 == 0, "a dict with a key that has no value");
        budget.spend(64L * pairs.size());
        for (int i = 0; i < pairs.size(); i += 2) {
            Value key = pairs.get(i);
            require(
                    !(key instanceof Value.Items || key instanceof Value.Dict),
                    "%s as the key of a dict, which Python has not either",
                    shown(key));
            boolean read = key instanceof Value.Text || key instanceof Value.Int || key instanceof Value.Real;
            dict.put(read ? key : new Value.Unread(key.kind()), pairs.get(i + 1));
        }
    }

    /** The memo, and what shuffles the stack. */
    private boolean remembered(int opcode) {
        switch (opcode) {
            case 'q' -> remember(in.u1());
            case 'r' -> remember(in.u4());
            case 0x94 -> remember(memo.size());
            case 'h' -> recall(in.u1());
            case 'j' -> recall(in.u4());
            case '0' -> pop();
            case '2' -> push(top(), 8);
            case 0x80 -> {
                int protocol = in.u1();
                require(
                        protocol >= 2 && protocol <= MAX_PROTOCOL,
                        "pickle protocol %s; those from 2 to %s are read",
                        protocol,
                        MAX_PROTOCOL);
            }
            case 0x95 -> {
                long length = in.i8();
                require(
                        length >= 0 && length <= in.left(),
                        "a frame of %s bytes where %s are left",
                        Long.toUnsignedString(length),
                        in.left());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void remember(long index) {
        budget.spend(80);
        memo.put(index, top());
    }

    private void recall(long index) {
        @Nullable Value value = memo.get(index);
        if (value == null) {
            throw in.fault("value %s of the memo, which was never put there".formatted(index));
        }
        push(value, 8);
    }

    /** Names, and what Python would do with them. */
    private void object(int opcode) {
        switch (opcode) {
            case 'c' -> push(name(in.line(), in.line()), 200);
            case 0x93 -> {
                List<Value> names = pop(2);
                push(name(words(names.get(0)), words(names.get(1))), 200);
            }
            // The old forms of a call: the name is what matters, and PyTorch writes none of them.
            case 'i' -> {
                Value.Named name = name(in.line(), in.line());
                throw in.fault(name.name() + " is called by the opcode INST, which no file of PyTorch's needs");
            }
            case 'R' -> {
                List<Value> call = pop(2);
                push(allowed.call(call.get(0), arguments(call.get(1))), 300);
            }
            case 0x81 -> {
                List<Value> call = pop(2);
                push(allowed.create(call.get(0), arguments(call.get(1))), 300);
            }
            case 'b' -> {
                Value state = pop();
                push(allowed.build(pop(), state), 0);
            }
            case 'Q' -> push(allowed.storage(pop()), 200);
            case 0x82, 0x83, 0x84 ->
                throw in.fault("a class by its number in a registry, which no file can be sure of");
            default -> throw in.fault("opcode 0x%02x, which no file of PyTorch's needs".formatted(opcode));
        }
    }

    /** A pickle whose first word is a class is an object of that class. */
    private Value.Named name(String module, String name) {
        return allowed.name(module, name, stack.isEmpty() && marks.isEmpty());
    }

    private List<Value> arguments(Value value) {
        if (value instanceof Value.Tuple(List<Value> values)) {
            return values;
        }
        throw in.fault("a call with %s in the place of its arguments".formatted(shown(value)));
    }

    private String words(Value value) {
        if (value instanceof Value.Text(String text)) {
            return text;
        }
        throw in.fault("%s in the place of a name".formatted(shown(value)));
    }

    private void push(Value value, long cost) {
        budget.spend(8 + cost);
        stack.add(value);
    }

    private Value pop() {
        require(stack.size() > floor(), "a value is taken where none is left");
        return stack.removeLast();
    }

    /** The last so many values, in their order. */
    private List<Value> pop(int count) {
        require(stack.size() - floor() >= count, "a value is taken where none is left");
        return drain(stack.size() - count);
    }

    private List<Value> popToMark() {
        require(!marks.isEmpty(), "values are taken up to a mark, and nothing is marked");
        return drain(marks.removeLast());
    }

    private List<Value> drain(int from) {
        List<Value> tail = stack.subList(from, stack.size());
        List<Value> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private Value top() {
        require(stack.size() > floor(), "a value is needed where none is left");
        return stack.getLast();
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    private static String shown(Value value) {
        return Value.shown(value.kind());
    }

    @FormatMethod
    private void require(boolean condition, @FormatString String sentence, Object... values) {
        if (!condition) {
            throw in.fault(String.format(Locale.ROOT, sentence, values));
        }
    }
}
