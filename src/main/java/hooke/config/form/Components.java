package hooke.config.form;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parts of a record and their keys in a file, looked up once a class: Java makes them anew at every call, each with an accessor that
 * must warm up again, which a sweep of a thousand cells would wait seconds for.
 *
 * @param keys of the components
 * @param written the keys of a file, those of {@link Spread} records among them
 */
public record Components(
        List<RecordComponent> all, List<String> keys, List<String> written, Constructor<?> constructor) {
    private static final ClassValue<Components> KNOWN = new ClassValue<>() {
        @Override
        protected Components computeValue(Class<?> type) {
            List<RecordComponent> all = List.of(type.getRecordComponents());
            List<String> keys = all.stream().map(c -> Words.key(c.getName())).toList();
            List<String> written = all.stream()
                    .flatMap(c -> c.isAnnotationPresent(Spread.class)
                            ? Components.of(c.getType()).written().stream()
                            : Stream.of(Words.key(c.getName())))
                    .toList();
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true); // A record of one file's keys is nobody else's to see.
            return new Components(all, keys, written, constructor);
        }
    };

    /** The class of a component's values, or of the items where it is a list. */
    static Class<?> itemType(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType list
                        && list.getActualTypeArguments()[0] instanceof Class<?> item
                ? item
                : component.getType();
    }

    public static Components of(Class<?> record) {
        return KNOWN.get(record);
    }
}
