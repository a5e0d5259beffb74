/**
 * TLS and HTTP/2 before one web process, as the proxy of an installation has it: `node front.js PORT BEHIND FILE`, where FILE
 * holds key and certificate. Sockets come over HTTP/1.1 and are passed on as they are.
 */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createSecureServer } from "node:http2";
import { connect } from "node:net";
import process from "node:process";

const HOST = "127.0.0.1";
const OF_THE_LINE = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);
const [port, behind, file] = process.argv.slice(2);
const pem = readFileSync(file ?? "");
const agent = new Agent({ keepAlive: true });
const front = createSecureServer({ key: pem, cert: pem, allowHTTP1: true });

const passable = (headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":") && !OF_THE_LINE.has(name)));

front.on("request", (asked, answer) => {
    const headers = { host: asked.authority, ...passable(asked.headers), "x-forwarded-proto": "https" };
    const passed = request({ host: HOST, port: behind, path: asked.url, method: asked.method, headers, agent }, (got) => {
        answer.writeHead(got.statusCode, passable(got.headers));
        got.pipe(answer);
    });
    passed.on("error", () => answer.stream.destroy());
    asked.pipe(passed);
});

front.on("upgrade", (asked, socket, head) => {
    const line = connect(Number(behind), HOST, () => {
        const headers = asked.rawHeaders.map((word, at) => word + (at % 2 ? "\r\n" : ": ")).join("");
        line.write(`GET ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
        line.write(head);
        socket.pipe(line).pipe(socket);
    });
    line.on("error", () => socket.destroy());
    socket.on("error", () => line.destroy());
});

front.listen(Number(port), HOST);
