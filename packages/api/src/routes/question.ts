import { createRoute, z } from '@hono/zod-openapi';
import { questionSchema, questionsSchema, words } from './question-schemas.ts';
import { body, denied, json, problem, refused, study, tooMany } from './shape.ts';

const oneQuestion = study.extend({ id: z.string() });

/** Questions to the authors of a study, handed on without either side's address. */
export const questionRoutes = {
  listQuestions: createRoute({
    method: 'get',
    path: '/studies/{accession}/questions',
    tags: ['Studies'],
    summary: 'Questions with their answers: the public ones, mine, and all to those who answer for the study',
    request: { params: study },
    responses: { 200: json(questionsSchema, 'Oldest first'), 404: problem('No such study') },
  }),
  askQuestion: createRoute({
    method: 'post',
    path: '/studies/{accession}/questions',
    tags: ['Studies'],
    summary: 'Ask the authors. A visitor gives name and address, and confirms the address before anything is sent',
    request: {
      params: study,
      body: body(
        z.object({
          text: words,
          /** May everybody read question and answer, if the authors agree too? */
          agrees: z.boolean().default(false),
          /** Of a visitor. */
          name: z.string().trim().min(1).max(200).optional(),
          email: z.email().max(320).optional(),
        }),
      ),
    },
    responses: {
      201: json(z.object({ state: z.enum(['sent', 'to-confirm']) }), 'Sent on, or to be confirmed by mail'),
      ...refused,
      409: problem('This installation sends no mail: sign in to ask'),
      ...tooMany,
    },
  }),
  answerQuestion: createRoute({
    method: 'put',
    path: '/studies/{accession}/questions/{id}/answer',
    tags: ['Studies'],
    summary: 'Answer a question about my study; the asker is told',
    request: { params: oneQuestion, body: body(z.object({ text: words, agrees: z.boolean().default(false) })) },
    responses: { 204: { description: 'Answered' }, ...refused },
  }),
  agreeToQuestion: createRoute({
    method: 'put',
    path: '/studies/{accession}/questions/{id}/agreement',
    tags: ['Studies'],
    summary: 'Say whether I, who asked or who answer for the study, agree that everybody reads question and answer',
    request: { params: oneQuestion, body: body(z.object({ agrees: z.boolean() })) },
    responses: { 204: { description: 'Noted' }, ...refused },
  }),
  removeQuestion: createRoute({
    method: 'delete',
    path: '/studies/{accession}/questions/{id}',
    tags: ['Studies'],
    summary: 'Take a question away: my own, one about my study, or as a curator',
    request: { params: oneQuestion },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
  openQuestion: createRoute({
    method: 'post',
    path: '/questions/open',
    tags: ['Studies'],
    summary: 'Open the link that was sent to a visitor who asked: the first time the question goes to the authors',
    request: { body: body(z.object({ token: z.string().max(200), agrees: z.boolean().optional() })) },
    responses: {
      200: json(questionSchema, 'The question, and its answer if there is one'),
      400: refused[400],
      410: problem('The link is not ours, or the question was taken away'),
      ...tooMany,
    },
  }),
} as const;
