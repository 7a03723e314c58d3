package hooke.place;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * One file on its way to a bucket. A large one goes in parts, and the object appears when all are there; an upload that was killed goes on
 * after the parts that it has sent.
 */
record Upload(S3Client client, String bucket, String key, Path file) {
    /** So many bytes a part, and more where there would be too many parts: a store takes 10,000. */
    static final long PART = 8 << 20;

    private static final long MOST_PARTS = 9_000;

    void run() throws IOException {
        long bytes = Files.size(file);
        if (bytes <= PART) {
            byte[] all = Files.readAllBytes(file);
            client.putObject(r -> r.bucket(bucket).key(key).contentMD5(md5(all)), RequestBody.fromBytes(all));
            return;
        }
        int size = (int) Math.max(PART, Math.ceilDiv(bytes, MOST_PARTS));
        Optional<String> begun = begun();
        String id = begun.orElseGet(() ->
                client.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId());
        Map<Integer, Part> there = begun.isPresent() ? parts(id) : Map.of();
        List<CompletedPart> parts = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            for (int number = 1; (number - 1L) * size < bytes; number++) {
                parts.add(part(id, number, read(channel, (number - 1L) * size, size), there));
            }
        }
        client.completeMultipartUpload(
                r -> r.bucket(bucket).key(key).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    /** Whoever began it, the key says that it is these bytes. The latest, where there are several. */
    private Optional<String> begun() {
        return client.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(key)).uploads().stream()
                .filter(upload -> upload.key().equals(key))
                .max(Comparator.comparing(MultipartUpload::initiated))
                .map(MultipartUpload::uploadId);
    }

    private Map<Integer, Part> parts(String id) {
        Map<Integer, Part> parts = new HashMap<>();
        client.listPartsPaginator(r -> r.bucket(bucket).key(key).uploadId(id))
                .parts()
                .forEach(part -> parts.put(part.partNumber(), part));
        return parts;
    }

    /** A part that is there and has these bytes stays: most stores tell its MD5. */
    private CompletedPart part(String id, int number, byte[] bytes, Map<Integer, Part> there) {
        Part old = there.get(number);
        String etag = old != null
                        && old.eTag().replace("\"", "").equals(HexFormat.of().formatHex(md5Bytes(bytes)))
                ? old.eTag()
                : client.uploadPart(
                                r -> r.bucket(bucket)
                                        .key(key)
                                        .uploadId(id)
                                        .partNumber(number)
                                        .contentMD5(md5(bytes)),
                                RequestBody.fromBytes(bytes))
                        .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private static byte[] read(FileChannel channel, long at, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, channel.size() - at));
        while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {
            // until it is full
        }
        return buffer.array();
    }

    /** With which a store sees whether the bytes arrived as they were sent. */
    static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(md5Bytes(bytes));
    }

    private static byte[] md5Bytes(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
