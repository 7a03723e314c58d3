package hooke.place;

import java.net.URI;

/** What users put into the environment, as properties of this process, which its libraries read as well. */
final class S3Settings {
    private static final String ENDPOINT = "aws.endpointUrl";
    private static final String KEY = "aws.accessKeyId";
    private static final String SECRET = "aws.secretAccessKey";

    private S3Settings() {}

    static void set(URI endpoint, String key, String secret) {
        System.setProperty(ENDPOINT, endpoint.toString());
        System.setProperty(KEY, key);
        System.setProperty(SECRET, secret);
    }

    static void clear() {
        System.clearProperty(ENDPOINT);
        System.clearProperty(KEY);
        System.clearProperty(SECRET);
    }
}
