package hooke.place;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The network between a client and a server: it counts what is sent, and breaks when it is told to. */
final class Relay implements AutoCloseable {
    private final ServerSocket entrance;
    private final int server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong until = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger refusals = new AtomicInteger();

    Relay(int server) throws IOException {
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.server = server;
        Thread.startVirtualThread(this::listen);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + entrance.getLocalPort());
    }

    /** Bytes that went to the server since the last time this was asked. */
    long sent() {
        return sent.getAndSet(0);
    }

    /** Once so many more bytes have gone to the server, connections break, and further ones so many times, before all is well. */
    void breakAfter(long bytes, int times) {
        refusals.set(times);
        until.set(sent.get() + bytes);
    }

    private void listen() {
        try {
            while (true) {
                Socket client = entrance.accept();
                if (sent.get() >= until.get() && refusals.getAndDecrement() > 0) {
                    client.close();
                    continue;
                }
                if (sent.get() >= until.get()) {
                    until.set(Long.MAX_VALUE);
                }
                var there = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(client);
                open.add(there);
                Thread.startVirtualThread(() -> pass(client, there, true));
                Thread.startVirtualThread(() -> pass(there, client, false));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (counted && sent.addAndGet(n) >= until.get()) {
                    return;
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
