// A real OpenID Connect provider on a loopback port: node provider.mjs PORT REDIRECT_URI
// Its own sign-in page takes any password. Whoever's name begins with "doubtful" has an address that is not verified.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "civic", client_secret: "a secret of the test", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  async findAccount(_context, id) {
    const verified = !id.startsWith("doubtful");
    return {
      accountId: id,
      claims: async () => ({ sub: id, name: `提供方的${id}`, email: `${id}@example.org`, email_verified: verified }),
    };
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
