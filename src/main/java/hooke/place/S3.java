package hooke.place;

import hooke.Reason;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * How an S3-compatible store is spoken to: its endpoint, region and credentials are found where Amazon's own tools look, in the environment
 * and in {@code ~/.aws}.
 */
final class S3 {
    /** With the client's growing pauses some ten seconds. */
    private static final int TRIES = 8;

    private S3() {}

    static S3Client client() {
        S3Client client = builder().build();
        if (client.serviceClientConfiguration().endpointOverride().isEmpty()) {
            return client;
        }
        client.close();
        return builder().forcePathStyle(true).build(); // Other stores have seldom a host name for each bucket.
    }

    private static S3ClientBuilder builder() {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(region())
                .crossRegionAccessEnabled(true)
                // Many stores do not know the newer checksums; bytes are compared with their SHA-256 anyway.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(TRIES)));
    }

    private static Region region() {
        try {
            return new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                    .getRegion();
        } catch (SdkClientException noneGiven) {
            return Region.US_EAST_1; // what other stores answer to
        }
    }

    /** Why a request failed, for the end of a sentence. */
    static String why(Exception fault, S3Client client, String bucket) {
        String endpoint = client.serviceClientConfiguration()
                .endpointOverride()
                .map(uri -> " at " + uri)
                .orElse("");
        return switch (fault) {
            case NoSuchBucketException _ -> "there is no bucket %s%s".formatted(bucket, endpoint);
            case S3Exception e when e.statusCode() == 404 -> "there is no bucket %s%s".formatted(bucket, endpoint);
            case S3Exception e
            when e.statusCode() == 401 || e.statusCode() == 403 ->
                "the store%s refuses the credentials (%s): see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_PROFILE"
                        .formatted(endpoint, code(e));
            case S3Exception e -> "the store%s answers %s (%s)".formatted(endpoint, code(e), e.statusCode());
            case IOException e -> Reason.of(e);
            default ->
                cause(fault)
                        .map(io -> "the store%s cannot be reached (%s); what was stored before is not lost"
                                .formatted(endpoint, Reason.of(io)))
                        .orElseGet(() -> isAboutCredentials(fault)
                                ? "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in ~/.aws/credentials"
                                : String.valueOf(fault.getMessage()));
        };
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? "status " + e.statusCode()
                : e.awsErrorDetails().errorCode();
    }

    private static boolean isAboutCredentials(Exception e) {
        return String.valueOf(e.getMessage()).contains("load credentials");
    }

    private static Optional<IOException> cause(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause()) {
            if (t instanceof IOException io) {
                return Optional.of(io);
            }
        }
        return Optional.empty();
    }
}
