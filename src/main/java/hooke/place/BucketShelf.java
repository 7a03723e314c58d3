package hooke.place;

import hooke.Check;
import hooke.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Objects of a bucket, below a prefix. */
final class BucketShelf implements Shelf {
    private static final Pattern WHERE = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*?))?/*");

    private final String where;
    private final String bucket;
    private final String prefix;
    private final S3Client client;

    private BucketShelf(String where, String bucket, String prefix, S3Client client) {
        this.where = where;
        this.bucket = bucket;
        this.prefix = prefix;
        this.client = client;
    }

    static BucketShelf of(String where) {
        Matcher parts = WHERE.matcher(where);
        Check.that(
                parts.matches(),
                "%s does not name a place in an S3-compatible store, which is s3://BUCKET or s3://BUCKET/PREFIX, with a bucket of 3 to 63 small letters, digits, dots and hyphens",
                where);
        String prefix = parts.group(2) == null || parts.group(2).isEmpty() ? "" : parts.group(2) + "/";
        return new BucketShelf(where, parts.group(1), prefix, S3.client());
    }

    @Override
    public OptionalLong bytes(String key) {
        return attempt(() -> {
            try {
                return OptionalLong.of(client.headObject(r -> r.bucket(bucket).key(prefix + key))
                        .contentLength());
            } catch (NoSuchKeyException e) {
                return OptionalLong.empty();
            }
        });
    }

    @Override
    public void write(String key, Path file) {
        attempt(() -> {
            new Upload(client, bucket, prefix + key, file).run();
            return key;
        });
    }

    @Override
    public void write(String key, byte[] bytes) {
        attempt(() -> client.putObject(
                r -> r.bucket(bucket).key(prefix + key).contentMD5(Upload.md5(bytes)), RequestBody.fromBytes(bytes)));
    }

    @Override
    public Optional<byte[]> read(String key) {
        return attempt(() -> {
            try {
                return Optional.of(
                        client.getObject(r -> r.bucket(bucket).key(prefix + key), ResponseTransformer.toBytes())
                                .asByteArrayUnsafe());
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public boolean read(String key, Path file) {
        return attempt(() -> {
            try {
                Files.deleteIfExists(file);
                client.getObject(r -> r.bucket(bucket).key(prefix + key), ResponseTransformer.toFile(file));
                return true;
            } catch (NoSuchKeyException e) {
                return false;
            }
        });
    }

    @Override
    public void list(String from, Consumer<Entry> use) {
        attempt(() -> {
            client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + from)).contents().stream()
                    .filter(o -> !o.key().endsWith("/")) // what some tools make to look like folders
                    .forEach(o -> use.accept(new Entry(o.key().substring(prefix.length()), o.lastModified())));
            return from;
        });
    }

    @Override
    public void delete(List<String> keys) {
        // One by one: removing many with one request needs a checksum that not every store knows.
        keys.forEach(key ->
                attempt(() -> client.deleteObject(r -> r.bucket(bucket).key(prefix + key))));
    }

    @Override
    public void clearUnfinished(Instant before) {
        attempt(() -> {
            List<MultipartUpload> old = new ArrayList<>();
            client.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(prefix))
                    .uploads()
                    .forEach(upload -> {
                        if (upload.initiated().isBefore(before)) {
                            old.add(upload);
                        }
                    });
            old.forEach(upload -> client.abortMultipartUpload(
                    r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
            return before;
        });
    }

    @Override
    public void close() {
        client.close();
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    /** What the client could not mend by trying again, as one sentence. */
    private <T> T attempt(Work<T> work) {
        try {
            return work.run();
        } catch (SdkException | IOException e) {
            throw new InputException(
                    "the shared place %s cannot be used: %s".formatted(where, S3.why(e, client, bucket)), e);
        }
    }
}
