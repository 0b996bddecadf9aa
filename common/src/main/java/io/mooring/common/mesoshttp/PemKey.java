package io.mooring.common.mesoshttp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A private key from a PEM file: PKCS#8 of any kind, or the older form of RSA keys. What it holds is never printed. */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    /** Version 0, then the algorithm rsaEncryption without parameters (RFC 5208, RFC 8017). */
    private static final byte[] RSA_IN_PKCS8 = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private PemKey() {}

    static PrivateKey read(Path file) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!block.find()) {
            throw unusable(file);
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException e) {
            throw unusable(file);
        }
        return switch (block.group(1)) {
            case "PRIVATE KEY" -> key(der, file);
            case "RSA PRIVATE KEY" -> key(wrapped(der), file);
            default -> throw unusable(file);
        };
    }

    private static PrivateKey key(byte[] der, Path file) throws IOException {
        GeneralSecurityException last = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                last = e; // it may be another algorithm's
            }
        }
        throw new IOException(unusable(file).getMessage(), last);
    }

    private static byte[] wrapped(byte[] rsa) {
        ByteArrayOutputStream inside = new ByteArrayOutputStream();
        inside.writeBytes(RSA_IN_PKCS8);
        element(4, rsa, inside);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        element(0x30, inside.toByteArray(), whole);
        return whole.toByteArray();
    }

    private static void element(int tag, byte[] content, ByteArrayOutputStream out) {
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else if (content.length < 256) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length & 0xff);
        }
        out.writeBytes(content);
    }

    private static IOException unusable(Path file) {
        return new IOException(
                file + " holds no private key that can be used here; it has to be in PEM (PKCS#8) and without"
                        + " a passphrase, as 'openssl pkcs8 -topk8 -nocrypt' writes it");
    }
}
