// A certified OpenID provider for the interoperability tests: signs in whoever the header says, without a page.
// node provider.mjs PORT RESOURCE; says "ready" once it listens. Commands on standard input, one per line: rotate.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

const { default: Provider, errors } = await import(`${process.env.ASSENT_NODE_PACKAGES}/oidc-provider/lib/index.js`);

const [port, resource] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const review = 'api://assent-review'; // whose tokens open the people's side
const groups = { alice: ['support'], bob: ['dba'] };

const key = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
};

const configuration = (keys) => ({
  jwks: { keys },
  clients: [
    {
      client_id: 'assent-relay',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    {
      client_id: 'assent-cli',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    {
      client_id: 'assent-people',
      client_secret: 'people-secret-of-the-tests',
      application_type: 'native', // on any port of loopback, so that one provider serves many tests
      redirect_uris: ['corp', 'other'].map((name) => `http://127.0.0.1/oidc/${name}/callback`),
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    {
      client_id: 'nightly',
      client_secret: 'nightly-secret-of-the-tests',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  cookies: { keys: [randomUUID()] },
  claims: { openid: ['sub', 'oid', 'email', 'email_verified', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, oid: id, email: `${id}@example.test`, email_verified: true, groups: groups[id] ?? [] }),
  }),
  extraTokenClaims: (ctx, token) => token.accountId && {
    auth_time: (ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken)?.authTime,
    groups: groups[token.accountId] ?? [],
    email: `${token.accountId}@example.test`,
    email_verified: true,
  },
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  pkce: { required: () => true },
  ttl: { AccessToken: 600, ClientCredentials: 600, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 3600 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, asked) => {
        if (asked !== resource && asked !== review) throw new errors.InvalidTarget();
        return {
          scope: asked === review ? 'assent:review assent:audit assent:operate' : 'assent:read assent:write',
          audience: asked,
          accessTokenTTL: 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        };
      },
    },
  },
});

let provider;
const make = (keys) => {
  provider = new Provider(issuer, configuration(keys));
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const details = await provider.interactionDetails(ctx.req, ctx.res);
    const user = ctx.get('x-test-user');
    if (!user) {
      return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied' }, { mergeWithLastSubmission: false });
    }
    if (details.prompt.name === 'login') {
      return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: user } }, { mergeWithLastSubmission: false });
    }
    const grant = details.grantId
      ? await provider.Grant.find(details.grantId)
      : new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
    const wanted = details.prompt.details;
    if (wanted.missingOIDCScope) grant.addOIDCScope(wanted.missingOIDCScope.join(' '));
    for (const [indicator, scopes] of Object.entries(wanted.missingResourceScopes ?? {})) {
      grant.addResourceScope(indicator, scopes.join(' '));
    }
    return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  });
  return provider.callback();
};

let serve = make([key()]);
const { createServer } = await import('node:http');
createServer((request, response) => serve(request, response)).listen(Number(port), '127.0.0.1', () => console.log('ready'));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'rotate') {
    serve = make([key()]);
    console.log('rotated');
  }
}).on('close', () => process.exit(0));
