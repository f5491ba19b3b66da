from rest_framework.views import APIView


class EventsView(APIView):
    pass


class EnrolmentView(APIView):
    pass
