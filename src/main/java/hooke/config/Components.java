package hooke.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;

/**
 * The parts of a record, looked up once a class: Java makes them anew at every call, each with an accessor that must warm up again, which
 * a sweep of a thousand cells would wait seconds for.
 */
record Components(List<RecordComponent> all, Constructor<?> constructor) {
    private static final ClassValue<Components> KNOWN = new ClassValue<>() {
        @Override
        protected Components computeValue(Class<?> type) {
            return new Components(List.of(type.getRecordComponents()), type.getDeclaredConstructors()[0]);
        }
    };

    static Components of(Class<?> record) {
        return KNOWN.get(record);
    }
}
